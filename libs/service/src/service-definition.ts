import type { EnvSchema, EnvSource, HealthSettings, LogLevel, TracingSettings } from '@wagehood/config';
import type { Logger } from './log/logger';
import type { Metrics } from './metrics';
import type { Part } from './part';
import type { Tracing } from './tracing/tracing';

/** What the environment of every service holds; `monitoring: false` takes /metrics away. */
export interface ServiceEnv {
  readonly health: HealthSettings;
  readonly log: { readonly level: LogLevel };
  readonly monitoring?: boolean;
  /** null or absent: no traces. */
  readonly tracing?: TracingSettings | null;
}

export type ComponentName = 'MarketDataIngestion' | 'CalculationEngine' | 'StrategyEvaluator' | 'AlertSystem' | 'Api';

/** What the chassis hands to `build`. */
export interface ServiceDeps<E> {
  readonly name: string;
  /** `host/UUID`, new for each run: the name of this process among its like. In Kubernetes the host is the pod. */
  readonly id: string;
  readonly env: E;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Absent when traces are off. */
  readonly tracing?: Tracing;
  /** Ends the process with exit code 1 after one ERROR line and a drain: for what only a restart can mend. */
  readonly fatal: (message: string, error?: unknown) => void;
}

export interface ServiceDefinition<E extends ServiceEnv> {
  readonly name: string;
  readonly component: ComponentName;
  /** `process.env`; main.ts is the only file that touches it. */
  readonly environment: EnvSource;
  readonly env: EnvSchema<E>;
  /** The composition root: returns parts, started in order, stopped in reverse. */
  readonly build: (deps: ServiceDeps<E>) => readonly Part[] | Promise<readonly Part[]>;
  /** The drain may take this long, then the process ends with exit code 1. Default 4 500 ms. */
  readonly drainMs?: number;
}
