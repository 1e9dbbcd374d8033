import { setTimeout as delay } from 'node:timers/promises';

/** Reads that Redis does not answer end with their connection, which is closed last. */
const PATIENCE_MS = 500;

/** Waits for what is under way when we are stopped, but not for a Redis that is away. */
export async function leaveInTime(work: Promise<unknown> | null): Promise<void> {
  await Promise.race([work, delay(PATIENCE_MS, undefined, { ref: false })]);
}
