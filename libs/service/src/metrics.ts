import { conventionFault, type MetricKind } from './metric-conventions';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricsOptions {
  /** Becomes the label `service` of every metric. */
  readonly service: string;
  /** Process and event-loop metrics of prom-client. Default true. */
  readonly defaults?: boolean;
}

/** The metrics of one service, in a registry of its own. Names get the prefix `wagehood_`. @throws what breaks the conventions */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** `collect` is called at each scrape: for values that are read rather than kept. When it fails, the gauge keeps what it had. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L>;
  /** Seconds unless the name says otherwise. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

const PREFIX = 'wagehood_';

/** From 0.5 ms to 10 s: what a bar takes from door to door. */
const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics({ service, defaults = true }: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (defaults) collectDefaultMetrics({ register: registry });
  const base = <L extends string>(kind: MetricKind, name: string, help: string, labels: readonly L[] = []) => {
    const fault = conventionFault(kind, name, help, labels);
    if (fault !== null) throw new Error(`metric ${name}: ${fault}`);
    return { name: `${PREFIX}${name}`, help, labelNames: [...labels], registers: [registry] };
  };
  return {
    registry,
    counter: (name, help, labels) => new Counter(base('counter', name, help, labels)),
    gauge: (name, help, labels, collect) => {
      const own = base('gauge', name, help, labels);
      if (!collect) return new Gauge(own);
      return new Gauge({
        ...own,
        async collect() {
          await Promise.resolve(collect(this)).catch(() => undefined);
        },
      });
    },
    histogram: (name, help, labels, buckets = LATENCY_SECONDS) =>
      new Histogram({ ...base('histogram', name, help, labels), buckets: [...buckets] }),
    text: () => registry.metrics(),
  };
}
