import { join } from 'node:path';
import type { ServiceSpec } from './service-spec';

export interface RosterOptions {
  /** The folder that holds `dist`. */
  readonly root: string;
  readonly workers: number;
  readonly alerts: boolean;
  /** The environment that all of them share. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Every process of a local run: the api first, because the others wait for the configuration that it writes. */
export function roster({ root, workers, alerts, env }: RosterOptions): readonly ServiceSpec[] {
  const service = (app: string, component: string, stopWave: number, name = app): ServiceSpec => ({
    name,
    component,
    script: join(root, 'dist/apps', app, 'main.cjs'),
    env: { HEALTH_HOST: '127.0.0.1', ...env, HEALTH_PORT: '0' },
    stopWave,
  });
  return [
    service('api', 'Api', 3),
    ...Array.from({ length: workers }, (_, index) =>
      service('calculation-worker', 'CalculationEngine', 1, `calculation-worker-${index + 1}`),
    ),
    service('strategy-evaluator', 'StrategyEvaluator', 2),
    ...(alerts ? [service('alerting', 'AlertSystem', 3)] : []),
    service('ingestion', 'MarketDataIngestion', 0),
  ];
}
