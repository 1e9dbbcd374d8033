import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 180_000;
const PAUSE_MS = 200;

/** Looks until it is so. A look that throws is tried again; the last reason is told. @throws Error when it does not come true */
export async function patiently(what: string, look: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let cause: unknown;
  while (performance.now() < deadline) {
    try {
      if (await look()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(PAUSE_MS);
  }
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(`waited ${patienceMs / 1_000} s for ${what}${why}`, { cause });
}
