import type { Logger } from '@wagehood/service';
import type { IngestionMetrics } from './ingestion-metrics';
import type { Provider, ProviderContext, ProviderDefinition } from './providers/provider';

/** A provider that can be made: its definition and its settings from the environment. */
export interface ProviderOffer {
  readonly name: string;
  create(context: ProviderContext): Provider;
}

/** Binds a definition to its settings, so that offers of different settings fit into one list. */
export function providerOffer<S>({ name, create }: ProviderDefinition<S>, settings: S): ProviderOffer {
  return { name, create: (context) => create(settings, context) };
}

/** The providers in use: each made when it is first wanted, made anew when the update interval changes. */
export interface ProviderPool {
  /** Null when there is no provider of that name. */
  get(name: string, updateIntervalMs: number): Provider | null;
  /** What people may write in DATA_PROVIDER. */
  readonly names: readonly string[];
  close(): Promise<void>;
}

export function createProviderPool(
  offers: readonly ProviderOffer[],
  { log, metrics, now }: { log: Logger; metrics: Pick<IngestionMetrics, 'rejected'>; now: () => number },
): ProviderPool {
  const made = new Map<string, { readonly provider: Provider; readonly updateIntervalMs: number }>();
  const all: Provider[] = [];
  return {
    names: offers.map(({ name }) => name),
    get(name, updateIntervalMs) {
      const known = made.get(name);
      if (known?.updateIntervalMs === updateIntervalMs) return known.provider;
      const offer = offers.find((candidate) => candidate.name === name);
      if (!offer) return null;
      const reject = (reason: string, count = 1) => metrics.rejected.inc({ reason }, count);
      const provider = offer.create({ updateIntervalMs, now, log: log.child({ provider: name }), reject });
      all.push(provider);
      made.set(name, { provider, updateIntervalMs });
      return provider;
    },
    async close() {
      for (const provider of all.splice(0)) await provider.close?.();
      made.clear();
    },
  };
}
