import type { Bar } from '@wagehood/market';
import { NEGLIGIBLE } from './kernel/rsi';
import { SPREAD_SHRUNK, SUM_SHRUNK } from './kernel/renewal';
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

const KINDS: readonly Fusion['kind'][] = ['mean', 'ema', 'rsi', 'macd', 'bands'];

const { abs, sqrt } = Math;

/** Numbers per lane in each flat array. */
const STRIDE = 3;

/** The stages that are fused, kind by kind, and what `runFused` needs of them in flat arrays. */
export interface Lanes {
  readonly stages: readonly Stage[];
  /** Per lane: slot, column, period. */
  readonly places: Int32Array;
  readonly constants: Float64Array;
  /** Scratch: the lanes of this bar that are left to their definitions, in one go, for a call amid the lanes slows them all. */
  readonly unusual: Int32Array;
  /** Where each kind ends in these arrays, in this order. */
  readonly meanEnd: number;
  readonly emaEnd: number;
  readonly rsiEnd: number;
  readonly macdEnd: number;
  readonly bandsEnd: number;
}

/** The fusion of an instance's definition, if it has one. */
export function fusionOf({ instance: { definition, params } }: Stage): Fusion | null {
  const fusion: ((params: Params) => Fusion) | undefined = definition.fusion;
  return fusion === undefined ? null : fusion(params);
}

export function createLanes(all: readonly Stage[]): Lanes {
  const byKind = KINDS.map((kind) => all.filter((stage) => fusionOf(stage)?.kind === kind));
  const stages = byKind.flat();
  const places = new Int32Array(stages.length * STRIDE);
  const constants = new Float64Array(stages.length * STRIDE);
  stages.forEach((stage, lane) => {
    const fusion = fusionOf(stage) as Fusion;
    places.set([stage.slot, stage.column, fusion.period], lane * STRIDE);
    constants.set(fusion.constants, lane * STRIDE);
  });
  const end = (kind: number) => byKind.slice(0, kind + 1).flat().length * STRIDE;
  return {
    stages,
    places,
    constants,
    unusual: new Int32Array(stages.length),
    meanEnd: end(0),
    emaEnd: end(1),
    rsiEnd: end(2),
    macdEnd: end(3),
    bandsEnd: end(4),
  };
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
  const { places, constants, unusual } = lanes;
  let count = 0;
  const close = state[now] as number;
  let i = 0;
  for (const end = lanes.meanEnd; i < end; i += STRIDE) {
    const at = base + (places[i] as number);
    const period = places[i + 2] as number;
    const change = close - (state[now - period] as number);
    const sum = (state[at] as number) + change;
    const mass = (state[at + 1] as number) + abs(change);
    const left = (state[at + 2] as number) - 1;
    if (left > 0 && sum >= mass * SUM_SHRUNK) {
      state[at] = sum;
      state[at + 1] = mass;
      state[at + 2] = left;
      out[places[i + 1] as number] = sum / period;
    } else unusual[count++] = i;
  }
  for (const end = lanes.emaEnd; i < end; i += STRIDE) {
    const at = base + (places[i] as number);
    if (state[at + 1] === places[i + 2]) {
      const average = state[at] as number;
      const next = average + (constants[i] as number) * (close - average);
      state[at] = next;
      out[places[i + 1] as number] = next;
    } else unusual[count++] = i;
  }
  for (const end = lanes.rsiEnd; i < end; i += STRIDE) {
    const at = base + (places[i] as number);
    const share = constants[i] as number;
    const change = (close - (state[at + 2] as number)) * share;
    const up = (change + abs(change)) * 0.5;
    const gain = (state[at] as number) * (1 - share) + up;
    const loss = (state[at + 1] as number) * (1 - share) + (up - change);
    if ((state[at + 3] as number) > (places[i + 2] as number) && gain + loss > close * NEGLIGIBLE) {
      state[at] = gain;
      state[at + 1] = loss;
      state[at + 2] = close;
      out[places[i + 1] as number] = 100 * (gain / (gain + loss));
    } else unusual[count++] = i;
  }
  for (const end = lanes.macdEnd; i < end; i += STRIDE) {
    const at = base + (places[i] as number);
    const to = places[i + 1] as number;
    if (state[at + 5] === places[i + 2]) {
      const fast = (state[at] as number) + (constants[i] as number) * (close - (state[at] as number));
      const slow = (state[at + 2] as number) + (constants[i + 1] as number) * (close - (state[at + 2] as number));
      const line = fast - slow;
      const signal = (state[at + 4] as number) + (constants[i + 2] as number) * (line - (state[at + 4] as number));
      state[at] = fast;
      state[at + 2] = slow;
      state[at + 4] = signal;
      out[to] = line;
      out[to + 1] = signal;
      out[to + 2] = line - signal;
    } else unusual[count++] = i;
  }
  for (const end = lanes.bandsEnd; i < end; i += STRIDE) {
    const at = base + (places[i] as number);
    const to = places[i + 1] as number;
    const share = constants[i] as number;
    const anchor = state[at] as number;
    const entering = close - anchor;
    const leaving = (state[now - (places[i + 2] as number)] as number) - anchor;
    const change = (entering - leaving) * (entering + leaving);
    const sum = (state[at + 1] as number) + (entering - leaving);
    const squares = (state[at + 2] as number) + change;
    const offset = sum * share;
    const spread = squares - sum * offset;
    const mass = (state[at + 3] as number) + abs(change);
    const left = (state[at + 4] as number) - 1;
    if (left > 0 && spread >= mass * SPREAD_SHRUNK) {
      state[at + 1] = sum;
      state[at + 2] = squares;
      state[at + 3] = mass;
      state[at + 4] = left;
      const middle = anchor + offset;
      const reach = (constants[i + 1] as number) * sqrt(spread * share);
      out[to] = middle + reach;
      out[to + 1] = middle;
      out[to + 2] = middle - reach;
    } else unusual[count++] = i;
  }
  if (count > 0) runUnusual(lanes, count, state, base, bar, now, out);
}

function runUnusual(
  { stages, unusual }: Lanes,
  count: number,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const stage = stages[(unusual[i] as number) / STRIDE] as Stage;
    stage.step(state, base + stage.slot, bar, now, out, stage.column);
  }
}
