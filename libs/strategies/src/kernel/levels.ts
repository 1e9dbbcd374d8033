/**
 * Levels of one side, made of confirmed pivots. Prices are signed (supports are kept negated), so that "beyond" is always
 * "greater" and the two sides are one piece of code.
 *
 * A pivot is forgotten when it is older than the lookback, when a close has passed it by more than the tolerance, or when
 * the level that it belonged to is broken. A pivot that a close has passed by less no longer names a level (it did not hold)
 * but still counts as a touch of a level beyond it.
 *
 * Slots: number of pivots · per pivot, oldest first: signed price, number of its bar (negated once it was passed).
 */
export interface Levels {
  /** Most pivots that fit: pivots of one kind are at least three bars apart. */
  readonly capacity: number;
  readonly lookback: number;
}

export interface BrokenLevel {
  /** Signed. */
  readonly price: number;
  readonly touches: number;
}

const PER_PIVOT = 2;

export function levels(lookback: number): Levels {
  return { capacity: Math.ceil(lookback / 3) + 1, lookback };
}

export function levelSlots({ capacity }: Levels): number {
  return 1 + PER_PIVOT * capacity;
}

/** Forgets what has left the lookback. `now` is the number of the bar, from 1. */
export function expireLevels(state: Float64Array, at: number, { lookback }: Levels, now: number): void {
  const count = state[at] as number;
  let old = 0;
  while (old < count && now - Math.abs(state[at + 2 + PER_PIVOT * old] as number) > lookback) old++;
  if (old === 0) return;
  state.copyWithin(at + 1, at + 1 + PER_PIVOT * old, at + 1 + PER_PIVOT * count);
  state[at] = count - old;
}

/**
 * The level that this close is the first to pass, with at least `minTouches` pivots at it or up to `tolerance` short of it:
 * of several the one with the most touches, then the furthest. Then forgets what the close has dealt with.
 */
export function breakLevel(
  state: Float64Array,
  at: number,
  close: number,
  tolerance: number,
  minTouches: number,
): BrokenLevel | null {
  const count = state[at] as number;
  let price = 0;
  let touches = 0;
  let passed = false;
  for (let i = 0; i < count; i++) {
    const candidate = state[at + 1 + PER_PIVOT * i] as number;
    if (!(close > candidate)) continue;
    passed = true;
    if ((state[at + 2 + PER_PIVOT * i] as number) < 0) continue;
    const here = touchesOf(state, at, candidate, tolerance);
    if (here < touches || (here === touches && candidate <= price)) continue;
    price = candidate;
    touches = here;
  }
  if (!passed) return null;
  const broken = touches >= minTouches;
  forgetPassed(state, at, close, broken ? 0 : tolerance);
  return broken ? { price, touches } : null;
}

/** Remembers a pivot that was confirmed now. `bar` is the number of the bar that it happened on. */
export function addPivot(state: Float64Array, at: number, { capacity }: Levels, price: number, bar: number): void {
  const count = state[at] as number;
  if (count === capacity) return;
  state[at + 1 + PER_PIVOT * count] = price;
  state[at + 2 + PER_PIVOT * count] = bar;
  state[at] = count + 1;
}

function touchesOf(state: Float64Array, at: number, level: number, tolerance: number): number {
  const count = state[at] as number;
  let touches = 0;
  for (let i = 0; i < count; i++) {
    const price = state[at + 1 + PER_PIVOT * i] as number;
    if (price <= level && level - price <= tolerance) touches++;
  }
  return touches;
}

function forgetPassed(state: Float64Array, at: number, close: number, tolerance: number): void {
  const count = state[at] as number;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const price = state[at + 1 + PER_PIVOT * i] as number;
    const bar = state[at + 2 + PER_PIVOT * i] as number;
    if (close - price > tolerance) continue;
    state[at + 1 + PER_PIVOT * kept] = price;
    state[at + 2 + PER_PIVOT * kept] = close > price ? -Math.abs(bar) : bar;
    kept++;
  }
  state[at] = kept;
}
