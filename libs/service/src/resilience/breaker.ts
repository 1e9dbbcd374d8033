import CircuitBreaker from 'opossum';
import type { Logger } from '../log/logger';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerOptions {
  readonly name: string;
  readonly log?: Logger;
  /** One call may take this long. Default 10 000 ms. */
  readonly timeoutMs?: number;
  /** Share of failures, in percent, that opens the circuit. Default 50. */
  readonly errorThresholdPercentage?: number;
  /** Calls within the window before the share counts. Default 5. */
  readonly volumeThreshold?: number;
  /** Open for this long, then one call is let through. Default 30 000 ms. */
  readonly resetMs?: number;
  /** True for an error that is the caller's own fault and says nothing about the other side (HTTP 4xx). */
  readonly ignore?: (error: unknown) => boolean;
  readonly onState?: (state: BreakerState) => void;
}

export interface Breaker<A extends unknown[], R> {
  /** Calls through; rejects at once with `isBreakerOpen` while the circuit is open. */
  fire(...args: A): Promise<R>;
  readonly state: BreakerState;
  /** Stops its timers; further calls are refused. */
  shutdown(): void;
}

/** True when the call was refused by an open circuit and never made. */
export function isBreakerOpen(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'EOPENBREAKER';
}

/** A circuit breaker (opossum) around calls to somebody else's service. Never around the commit loop. */
export function createBreaker<A extends unknown[], R>(
  action: (...args: A) => Promise<R>,
  options: BreakerOptions,
): Breaker<A, R> {
  const {
    name,
    log,
    timeoutMs = 10_000,
    errorThresholdPercentage = 50,
    volumeThreshold = 5,
    resetMs = 30_000,
  } = options;
  const circuit = new CircuitBreaker<A, R>(action, {
    name,
    timeout: timeoutMs,
    errorThresholdPercentage,
    volumeThreshold,
    resetTimeout: resetMs,
    ...(options.ignore && { errorFilter: options.ignore }),
  });
  const stateNow = (): BreakerState => (circuit.opened ? 'open' : circuit.halfOpen ? 'half-open' : 'closed');
  circuit.on('open', () => {
    log?.warn('breaker opened', { breaker: name, retryInMs: resetMs });
    options.onState?.('open');
  });
  circuit.on('halfOpen', () => options.onState?.('half-open'));
  circuit.on('close', () => {
    log?.info('breaker closed', { breaker: name });
    options.onState?.('closed');
  });
  return {
    fire: (...args) => circuit.fire(...args),
    get state() {
      return stateNow();
    },
    shutdown: () => circuit.shutdown(),
  };
}
