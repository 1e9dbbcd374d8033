import { setTimeout as delay } from 'node:timers/promises';

/** Awaits a condition, looking every 20 ms. @throws Error when it is not met in time */
export async function until(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what} took longer than ${timeoutMs / 1_000} s`);
    await delay(20);
  }
}
