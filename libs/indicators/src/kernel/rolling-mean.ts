import { ringBack, ringLength, ringPush, ringSlots } from './ring';
import { SUM_SHRUNK } from './renewal';

/** Slots: sum · its peak since it was last made · pushes since then · ring. */
export function rollingMeanSlots(period: number): number {
  return 3 + ringSlots(period);
}

/**
 * Mean of the last `period` values (0 or more each, such as volumes), NaN before. The running sum is made anew every
 * `period` values, and at once after a collapse, so that rounding errors never gather.
 */
export function stepRollingMean(state: Float64Array, at: number, period: number, value: number): number {
  const ring = at + 3;
  const age = (state[at + 2] as number) + 1;
  const leaving = ringBack(state, ring, period, period);
  ringPush(state, ring, period, value);
  if (ringLength(state, ring) < period) return NaN;
  const sum = (state[at] as number) + value - leaving;
  const peak = state[at + 1] as number;
  if (!(age < period && sum >= peak * SUM_SHRUNK)) return resum(state, at, period) / period;
  state[at] = sum;
  if (sum > peak) state[at + 1] = sum;
  state[at + 2] = age;
  return sum / period;
}

function resum(state: Float64Array, at: number, period: number): number {
  let sum = 0;
  for (let k = period; k >= 1; k--) sum += ringBack(state, at + 3, period, k);
  state[at] = sum;
  state[at + 1] = sum;
  state[at + 2] = 0;
  return sum;
}
