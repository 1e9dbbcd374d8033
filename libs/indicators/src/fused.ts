import type { Bar } from '@wagehood/market';
import { NEGLIGIBLE } from './kernel/rsi';
import { LEAST_DOUBT, SPREAD_DOUBT, SUM_DOUBT } from './kernel/renewal';
import type { Params } from './params';
import type { Stage } from './stage';

// The hot path of the indicators that nearly everybody runs, in one function: five of them cost less than half of five calls.
// It computes nothing of its own. Each lane is the usual case of a definition's `step`, bit for bit (a test holds the two
// together), and what is unusual (warming up, sums to be made anew, a market that died) is left to that `step`.

/** Which arithmetic of `runFused` is the usual case of an indicator, and the constants that it takes, in its order. */
export interface Fusion {
  readonly kind: 'mean' | 'ema' | 'rsi' | 'macd' | 'bands';
  readonly period: number;
  readonly constants: readonly number[];
}

/** A fused stage: its place, its constants, the next one of its kind. Fields of an object are read faster than array elements. */
interface Lane {
  readonly stage: Stage;
  readonly slot: number;
  readonly column: number;
  readonly period: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly next: Lane | null;
}

/** The fused stages of a plan, a chain per kind. */
export interface Lanes {
  readonly mean: Lane | null;
  readonly ema: Lane | null;
  readonly rsi: Lane | null;
  readonly macd: Lane | null;
  readonly bands: Lane | null;
  /** Scratch: the stages of this bar that are left to their definitions, in one go, for a call amid the lanes slows them all. */
  readonly unusual: Stage[];
}

const { abs, sqrt } = Math;

/** The fusion of an instance's definition, if it has one. */
export function fusionOf({ instance: { definition, params } }: Stage): Fusion | null {
  const fusion: ((params: Params) => Fusion) | undefined = definition.fusion;
  return fusion === undefined ? null : fusion(params);
}

export function createLanes(stages: readonly Stage[]): Lanes {
  const chain = (kind: Fusion['kind']) =>
    stages.reduceRight<Lane | null>((next, stage) => {
      const fusion = fusionOf(stage);
      if (fusion?.kind !== kind) return next;
      const [first = NaN, second = NaN, third = NaN] = fusion.constants;
      return { stage, slot: stage.slot, column: stage.column, period: fusion.period, first, second, third, next };
    }, null);
  const [mean, ema, rsi, macd, bands] = [chain('mean'), chain('ema'), chain('rsi'), chain('macd'), chain('bands')];
  return { mean, ema, rsi, macd, bands, unusual: stages.slice() };
}

/** One bar of one series for all fused stages. Long, because a call costs more here than the arithmetic. */
export function runFused(
  lanes: Lanes,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
): void {
  const unusual = lanes.unusual;
  let count = 0;
  const close = state[now] as number;
  for (let lane = lanes.mean; lane !== null; lane = lane.next) {
    const at = base + lane.slot;
    const change = close - (state[now - lane.period] as number);
    const sum = (state[at] as number) + change;
    const before = state[at + 1] as number;
    const doubt = before + abs(change) * SUM_DOUBT + sum * lane.first;
    if (before > 0 && sum > doubt) {
      state[at] = sum;
      state[at + 1] = doubt;
      out[lane.column] = sum / lane.period;
    } else unusual[count++] = lane.stage;
  }
  for (let lane = lanes.ema; lane !== null; lane = lane.next) {
    const at = base + lane.slot;
    if (state[at + 1] === lane.period) {
      const average = state[at] as number;
      const next = average + lane.first * (close - average);
      state[at] = next;
      out[lane.column] = next;
    } else unusual[count++] = lane.stage;
  }
  for (let lane = lanes.rsi; lane !== null; lane = lane.next) {
    const at = base + lane.slot;
    const share = lane.first;
    const change = (close - (state[now - 1] as number)) * share;
    const up = (change + abs(change)) * 0.5;
    const gain = (state[at] as number) * (1 - share) + up;
    const loss = (state[at + 1] as number) * (1 - share) + (up - change);
    if (state[at + 2] === lane.period && gain + loss > close * NEGLIGIBLE) {
      state[at] = gain;
      state[at + 1] = loss;
      out[lane.column] = 100 * (gain / (gain + loss));
    } else unusual[count++] = lane.stage;
  }
  for (let lane = lanes.macd; lane !== null; lane = lane.next) {
    const at = base + lane.slot;
    const to = lane.column;
    if (state[at + 5] === lane.period) {
      const fastBefore = state[at] as number;
      const slowBefore = state[at + 2] as number;
      const signalBefore = state[at + 4] as number;
      const fast = fastBefore + lane.first * (close - fastBefore);
      const slow = slowBefore + lane.second * (close - slowBefore);
      const line = fast - slow;
      const signal = signalBefore + lane.third * (line - signalBefore);
      state[at] = fast;
      state[at + 2] = slow;
      state[at + 4] = signal;
      out[to] = line;
      out[to + 1] = signal;
      out[to + 2] = line - signal;
    } else unusual[count++] = lane.stage;
  }
  for (let lane = lanes.bands; lane !== null; lane = lane.next) {
    const at = base + lane.slot;
    const to = lane.column;
    const share = lane.first;
    const anchor = state[at] as number;
    const entering = close - anchor;
    const leaving = (state[now - lane.period] as number) - anchor;
    const change = (entering - leaving) * (entering + leaving);
    const sum = (state[at + 1] as number) + (entering - leaving);
    const squares = (state[at + 2] as number) + change;
    const offset = sum * share;
    const spread = squares - sum * offset;
    const before = state[at + 3] as number;
    const doubt = before + abs(change) * SPREAD_DOUBT + spread * lane.third;
    if (before > 0 && spread + 2 * LEAST_DOUBT > doubt) {
      state[at + 1] = sum;
      state[at + 2] = squares;
      state[at + 3] = doubt;
      const middle = anchor + offset;
      const reach = spread > 0 ? lane.second * sqrt(spread * share) : 0;
      out[to] = middle + reach;
      out[to + 1] = middle;
      out[to + 2] = middle - reach;
    } else unusual[count++] = lane.stage;
  }
  if (count > 0) runUnusual(lanes, count, state, base, bar, now, out);
}

function runUnusual(
  { unusual }: Lanes,
  count: number,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const stage = unusual[i] as Stage;
    stage.step(state, base + stage.slot, bar, now, out, stage.column);
  }
}
