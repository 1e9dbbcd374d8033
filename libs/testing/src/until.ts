export interface UntilOptions {
  /** How long to wait before giving up. Default 15 000 ms: met conditions cost nothing, busy machines are slow. */
  readonly timeoutMs?: number;
  /** Pause between two looks at the condition. Default 10 ms. */
  readonly everyMs?: number;
  /** What is awaited, for the message of the failure. */
  readonly what?: string;
}

const pause = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs));

/**
 * Awaits a condition instead of sleeping: looks until it is truthy and resolves to that value.
 * A condition that throws counts as not met; its last error is the `cause` of the failure.
 * @throws Error when the condition is not met in time.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const { timeoutMs = 15_000, everyMs = 10, what = 'condition' } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined | 0 | ''>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`until: ${what} not met within ${timeoutMs} ms`, { cause });
}
