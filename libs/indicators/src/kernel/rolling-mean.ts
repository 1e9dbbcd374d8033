import { SUM_DOUBT, wearOf } from './renewal';
import { ringBack, ringLength, ringPush, ringSlots } from './ring';

/** Slots: sum · its doubt (see `renewal.ts`) · ring. */
export function rollingMeanSlots(period: number): number {
  return 2 + ringSlots(period);
}

/** Mean of the last `period` values (0 or more each, such as volumes), NaN before. */
export function stepRollingMean(state: Float64Array, at: number, period: number, value: number): number {
  const ring = at + 2;
  const leaving = ringBack(state, ring, period, period);
  ringPush(state, ring, period, value);
  if (ringLength(state, ring) < period) return NaN;
  const sum = (state[at] as number) + (value - leaving);
  const doubt = (state[at + 1] as number) + Math.abs(value - leaving) * SUM_DOUBT + sum * wearOf(period);
  if (!(sum > doubt)) return renew(state, at, period) / period;
  state[at] = sum;
  state[at + 1] = doubt;
  return sum / period;
}

function renew(state: Float64Array, at: number, period: number): number {
  let sum = 0;
  for (let k = period; k >= 1; k--) sum += ringBack(state, at + 2, period, k);
  state[at] = sum;
  state[at + 1] = sum * SUM_DOUBT;
  return sum;
}
