import { readFile } from 'node:fs/promises';
import type { ChaosContext } from '../scenario';

/** Share of the time in which somebody waited for a core; above it, how long something took says nothing about it. */
const MOST_PRESSURE = 0.4;
const ATTEMPTS = 3;

/** Measurements of one kind, in ms. */
export interface Samples {
  readonly good: number[];
  /** How many were thrown away because the machine was busy with other things. */
  discarded: number;
  /** Whether there is time to take one again. */
  readonly hasTime: () => boolean;
}

export const samples = ({ hasTime }: Pick<ChaosContext, 'hasTime'>): Samples => ({ good: [], discarded: 0, hasTime });

/**
 * Takes a measurement that must not exceed a limit. What exceeds it while the machine has no core to spare does not count; it is
 * taken again, a few times, while there is time.
 * @param watch begins to watch the machine; what it returns says whether it was busy
 * @throws Error when it exceeds the limit on a quiet machine
 */
export async function measure(
  what: string,
  limitMs: number,
  into: Samples,
  take: () => Promise<number>,
  watch = watchMachine,
): Promise<void> {
  for (let attempt = 0; attempt === 0 || (attempt < ATTEMPTS && into.hasTime()); attempt++) {
    const wasBusy = await watch();
    const ms = await take();
    if (ms <= limitMs) return void into.good.push(ms);
    if (!(await wasBusy())) throw new Error(`${what} took ${Math.round(ms)} ms, more than ${limitMs}`);
    into.discarded++;
  }
}

/** From now on: whether the machine had no core to spare. */
export async function watchMachine(): Promise<() => Promise<boolean>> {
  const [startedAt, before] = [performance.now(), await waitedMs()];
  return async () => ((await waitedMs()) - before) / (performance.now() - startedAt) > MOST_PRESSURE;
}

/** How long, since the machine was started, some process was ready to run and had to wait; 0 where the system does not tell. */
async function waitedMs(): Promise<number> {
  const text = await readFile('/proc/pressure/cpu', 'utf8').catch(() => '');
  return Number(/^some .*total=(\d+)/m.exec(text)?.[1] ?? 0) / 1_000;
}

/** Median, p95 and the longest, for a report. */
export function figuresOf(what: string, { good, discarded }: Samples): Record<string, number | string> {
  const sorted = [...good].sort((a, b) => a - b);
  const at = (p: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN);
  const thrown = discarded > 0 ? `; ${discarded} thrown away because the machine was busy` : '';
  if (sorted.length === 0) return { [`${what}, ms`]: `not measured${thrown}` };
  return { [`${what}, ms`]: `median ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)} of ${sorted.length}${thrown}` };
}
