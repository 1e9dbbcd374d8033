import type { Bar } from '@wagehood/market';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine } from '../engine';
import { rethrow, run, type Law, type Subject } from './laws';
import { walk } from './markets';

const PRICE = 1e6;
/** Drift that is tolerated at a price of 1e6: less than a running sum gathers, more than honest rounding. */
const PRICE_TOLERANCE = 1e-13 * PRICE;
const FREE_TOLERANCE = 1e-9;
const HEAP_TOLERANCE = 8e6;

/** Ten million bars at a price of 1e6: the last values are those of a series that saw only the last bars, and the heap is as before. */
export function enduranceLaw(subject: Subject): Law {
  const bars = subject.options.enduranceBars ?? 10_000_000;
  return {
    name: `neither drifts nor grows over ${bars} bars`,
    check: () => {
      const memory = subject.options.memoryBars ?? 80 * subject.warmup;
      const heap = heapUsed();
      const { engine, row, last } = endure(subject, bars, memory);
      expect(heapUsed() - heap).toBeLessThan(HEAP_TOLERANCE);
      expect(engine.plan).toBe(subject.plan);
      const fresh = run(subject, last).at(-1) as Float64Array;
      const tolerance = subject.definition.scale === 'price' ? PRICE_TOLERANCE : FREE_TOLERANCE;
      fresh.forEach((value, column) => expect(Math.abs((row[column] as number) - value)).toBeLessThan(tolerance));
    },
  };
}

/**
 * The last row after many bars, and the last bars themselves. The bars go round in a walk that returns to where it began, shifted a
 * little each time so that no two rounds are alike, and the loop allocates nothing: it is to be fast and quiet.
 */
function endure({ plan }: Subject, count: number, memory: number) {
  const engine = createEngine(plan, 1);
  const handle = engine.add();
  const row = new Float64Array(plan.columns.length);
  const round = closedWalk(9973);
  const bar = { openTime: 0, open: PRICE, high: PRICE, low: PRICE, close: PRICE, volume: 0 };
  const last: Bar[] = [];
  for (let at = 0, place = 0, shift = 0; at < count; at++) {
    const from = round[place] as Bar;
    bar.openTime = at;
    bar.open = from.open + shift;
    bar.high = from.high + shift;
    bar.low = from.low + shift;
    bar.close = from.close + shift;
    bar.volume = from.volume;
    engine.step(handle, bar, row, rethrow);
    if (at >= count - memory) last.push({ ...bar });
    if (++place === round.length) {
      place = 0;
      shift = (shift + 0.37) % 1000;
    }
  }
  return { engine, row, last };
}

/** A walk around the price whose last bar is close to its first. */
function closedWalk(count: number): Bar[] {
  const there = walk(count, 7, PRICE, 0.0005);
  return [...there, ...there.toReversed()];
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
