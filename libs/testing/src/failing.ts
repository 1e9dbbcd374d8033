export interface Failing<A extends unknown[], R> {
  (...args: A): R;
  /** How often it was called, failed calls included. */
  readonly calls: number;
}

/**
 * Wraps a function so that its n-th call (1-based; or each of several) throws `error` and every other call passes through.
 * A function that returns promises is best wrapped with an async `fn`: the failure is thrown before `fn` runs.
 */
export function failing<A extends unknown[], R>(
  fn: (...args: A) => R,
  n: number | readonly number[],
  error: Error = new Error('failing: asked to fail'),
): Failing<A, R> {
  const fatal = new Set(typeof n === 'number' ? [n] : n);
  let calls = 0;
  const wrapped = (...args: A): R => {
    calls += 1;
    if (fatal.has(calls)) throw error;
    return fn(...args);
  };
  return Object.defineProperty(wrapped, 'calls', { get: () => calls }) as Failing<A, R>;
}
