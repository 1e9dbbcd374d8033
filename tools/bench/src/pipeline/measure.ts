import { setTimeout as delay } from 'node:timers/promises';
import { cpuTimeMs } from '../process/cpu-time';
import { until } from '../process/until';
import { median } from '../report/percentile';
import type { Contestant } from './contestant';

/** A contestant that finishes no bar for so long has nothing left to do. */
const QUIET_MS = 150;
/** For all that the first steps are ahead of the last one: tens of bars of each series. */
const REST_MS = 120_000;

/** What one turn of a contestant has shown. */
export interface Sample {
  /** In the window. */
  readonly barsPerSecond: number;
  /** CPU-µs per bar by process, over the whole turn: at its beginning and at its end no bar is on its way. */
  readonly cpu: ReadonlyMap<string, number>;
  /** CPU-µs per bar of all processes. */
  readonly total: number;
}

export interface Window {
  /** After the generator has started, before anything is counted, ms. */
  readonly settleMs: number;
  readonly windowMs: number;
}

/** Of a contestant that has just started: its code is still being compiled, and what it shows does not count. */
const FIRST_TURN: Window = { settleMs: 0, windowMs: 4_000 };

/** The turn of a contestant that nobody counts. */
export async function warmUp(contestant: Contestant): Promise<void> {
  await takeSample(contestant, FIRST_TURN);
}

/**
 * Lets the generator run and holds it again. Bars per second are counted in the window; CPU time until the last bar is finished, for
 * the first steps run ahead of the last one, and what they do for bars that nobody has finished yet belongs to those bars.
 */
export function takeSample(contestant: Contestant, window: Window): Promise<Sample> {
  return Promise.race([sample(contestant, window), contestant.died]);
}

async function sample(contestant: Contestant, { settleMs, windowMs }: Window): Promise<Sample> {
  await untilQuiet(contestant);
  const before = await look(contestant);
  contestant.go();
  await delay(settleMs);
  const opening = await look(contestant);
  await delay(windowMs);
  const closing = await look(contestant);
  contestant.hold();
  await untilQuiet(contestant);
  const after = await look(contestant);
  const bars = after.bars - before.bars;
  const cpu = new Map(
    [...after.cpuMs].map(([name, ms]) => [name, ((ms - (before.cpuMs.get(name) ?? 0)) * 1_000) / bars]),
  );
  const total = [...cpu.values()].reduce((sum, micros) => sum + micros, 0);
  return { barsPerSecond: ((closing.bars - opening.bars) * 1_000) / (closing.at - opening.at), cpu, total };
}

/** Nobody works while somebody else is measured. */
async function untilQuiet(contestant: Contestant): Promise<void> {
  let before = -1;
  await until(`the rest of ${contestant.name}`, REST_MS, async () => {
    const now = await contestant.finishedBars();
    const isQuiet = now === before;
    before = now;
    if (!isQuiet) await delay(QUIET_MS);
    return isQuiet;
  });
}

async function look(contestant: Contestant) {
  const cpuMs = new Map<string, number>();
  for (const [name, pid] of contestant.processes) cpuMs.set(name, await cpuTimeMs(pid));
  const bars = await contestant.finishedBars();
  return { bars, cpuMs, at: performance.now() };
}

/** The middle of all samples, figure by figure. */
export function middleOf(samples: readonly Sample[]): Sample {
  const names = [...(samples[0]?.cpu.keys() ?? [])];
  return {
    barsPerSecond: median(samples.map(({ barsPerSecond }) => barsPerSecond)),
    cpu: new Map(names.map((name) => [name, median(samples.map(({ cpu }) => cpu.get(name) ?? NaN))])),
    total: median(samples.map(({ total }) => total)),
  };
}
