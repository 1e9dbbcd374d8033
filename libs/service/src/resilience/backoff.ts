import { setTimeout as wait } from 'node:timers/promises';

export interface BackoffOptions {
  /** First delay. Default 100 ms. */
  readonly minMs?: number;
  /** No delay is longer. Default 30 000 ms. */
  readonly maxMs?: number;
  /** Growth from one attempt to the next. Default 2. */
  readonly factor?: number;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

/**
 * Delay before attempt n (0-based), in ms: exponential, then "equal jitter": between half of it and all of it, so that many
 * clients of one broken server do not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { minMs = 100, maxMs = 30_000, factor = 2, random = Math.random } = options;
  const ceiling = Math.min(maxMs, minMs * factor ** Math.min(attempt, 64));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

export interface Backoff {
  /** Failures since the last `reset`. */
  readonly attempts: number;
  /** Waits longer each time; rejects at once with the signal's reason when it is aborted. */
  wait(signal?: AbortSignal): Promise<void>;
  /** After a success. */
  reset(): void;
}

export function createBackoff(options: BackoffOptions = {}): Backoff {
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    async wait(signal) {
      const delayMs = backoffMs(attempts, options);
      attempts += 1;
      await wait(delayMs, undefined, { signal });
    },
    reset() {
      attempts = 0;
    },
  };
}
