import type { Bar } from '@wagehood/market';
import { BAR_MASK, SHIFT_MASK, VALUES, type Contender } from './indicator-contender';

// The hand-written bound: the same numbers with the same numerical care, for these five periods alone: one function, one array,
// one counter, every constant in the code. This is what an engine for any plan is measured against. It does not use that SMA
// and Bollinger happen to have the same period here.
const [HEAD, SEEN, ANCHOR, SUM, SQUARES, MASS, EMA, FAST, SLOW, SIGNAL, GAIN, LOSS, LAST, TOTAL, TURNOVER, RING] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
] as const;
const SLOTS = RING + 20;
const [A20, A12, A26, A9] = [2 / 21, 2 / 13, 2 / 27, 2 / 10];
const SPREAD_SHRUNK = 2 ** -16;
const SUM_SHRUNK = 2 ** -10;
const NEGLIGIBLE = 2 ** -900;
const WARM = 35;
const AGED = WARM + 8 * 20;

/** The bound over `series` series. */
export function handWritten(series: number): Contender {
  const state = new Float64Array(series * SLOTS);
  const out = new Float64Array(VALUES);
  return {
    name: 'hand-written bound',
    out,
    run(bars, first, rounds) {
      for (let round = first; round < first + rounds; round++)
        for (let i = 0; i < series; i++)
          step(state, i * SLOTS, bars[(round + (i & SHIFT_MASK)) & BAR_MASK] as Bar, out);
    },
  };
}

/** `SEEN` runs to 34 while cold, then in circles of 8 × 20 up to `AGED`: at the end of each the sums are made anew. */
function step(s: Float64Array, at: number, bar: Bar, out: Float64Array): void {
  const close = bar.close;
  const seen = (s[at + SEEN] as number) + 1;
  if (seen < WARM) {
    cold(s, at, seen, close, out);
    return;
  }
  const head = s[at + HEAD] as number;
  const oldest = s[at + RING + head] as number;
  const entering = close - (s[at + ANCHOR] as number);
  const leaving = oldest - (s[at + ANCHOR] as number);
  s[at + RING + head] = close;
  s[at + HEAD] = head === 19 ? 0 : head + 1;
  const change = (entering - leaving) * (entering + leaving);
  let total = (s[at + TOTAL] as number) + (close - oldest);
  let sum = (s[at + SUM] as number) + (entering - leaving);
  let squares = (s[at + SQUARES] as number) + change;
  let spread = squares - sum * (sum * (1 / 20));
  const turnover = (s[at + TURNOVER] as number) + Math.abs(close - oldest);
  const mass = (s[at + MASS] as number) + Math.abs(change);
  if (seen < AGED && spread >= mass * SPREAD_SHRUNK && total >= turnover * SUM_SHRUNK) {
    s[at + TOTAL] = total;
    s[at + TURNOVER] = turnover;
    s[at + SUM] = sum;
    s[at + SQUARES] = squares;
    s[at + MASS] = mass;
    s[at + SEEN] = seen;
  } else {
    renew(s, at, close);
    s[at + SEEN] = WARM;
    total = s[at + TOTAL] as number;
    sum = s[at + SUM] as number;
    squares = s[at + SQUARES] as number;
    spread = squares - sum * (sum * (1 / 20));
  }
  const middle = (s[at + ANCHOR] as number) + sum * (1 / 20);
  const reach = spread > 0 ? 2 * Math.sqrt(spread * (1 / 20)) : 0;
  const ema = (s[at + EMA] as number) + A20 * (close - (s[at + EMA] as number));
  const fast = (s[at + FAST] as number) + A12 * (close - (s[at + FAST] as number));
  const slow = (s[at + SLOW] as number) + A26 * (close - (s[at + SLOW] as number));
  const line = fast - slow;
  const signal = (s[at + SIGNAL] as number) + A9 * (line - (s[at + SIGNAL] as number));
  s[at + EMA] = ema;
  s[at + FAST] = fast;
  s[at + SLOW] = slow;
  s[at + SIGNAL] = signal;
  out[0] = total / 20;
  out[1] = ema;
  out[2] = rsi(s, at, close);
  out[3] = line;
  out[4] = signal;
  out[5] = line - signal;
  out[6] = middle + reach;
  out[7] = middle;
  out[8] = middle - reach;
}

function rsi(s: Float64Array, at: number, close: number): number {
  const change = (close - (s[at + LAST] as number)) * (1 / 14);
  const up = (change + Math.abs(change)) * 0.5;
  const gain = (s[at + GAIN] as number) * (1 - 1 / 14) + up;
  const loss = (s[at + LOSS] as number) * (1 - 1 / 14) + (up - change);
  const both = gain + loss;
  s[at + LAST] = close;
  if (both > close * NEGLIGIBLE) {
    s[at + GAIN] = gain;
    s[at + LOSS] = loss;
    return 100 * (gain / both);
  }
  s[at + GAIN] = s[at + LOSS] = 0;
  return 50;
}

/** The first 34 bars, once per series: seeds every average, out of the way of the code that is timed. */
function cold(s: Float64Array, at: number, seen: number, close: number, out: Float64Array): void {
  const head = s[at + HEAD] as number;
  const change = close - (s[at + LAST] as number);
  out.fill(NaN);
  s[at + SEEN] = seen;
  s[at + RING + head] = close;
  s[at + HEAD] = head === 19 ? 0 : head + 1;
  if (seen >= 20) renew(s, at, close);
  average(s, at + EMA, 20, A20, seen, close);
  average(s, at + SLOW, 26, A26, seen, close);
  if (seen > 14) average(s, at + FAST, 12, A12, seen - 14, close);
  if (seen >= 26) average(s, at + SIGNAL, 9, A9, seen - 25, (s[at + FAST] as number) - (s[at + SLOW] as number));
  s[at + LAST] = close;
  if (seen === 1) return;
  wilder(s, at + GAIN, seen - 1, change > 0 ? change : 0);
  wilder(s, at + LOSS, seen - 1, change < 0 ? -change : 0);
}

function average(s: Float64Array, at: number, period: number, weight: number, seen: number, value: number): void {
  if (seen > period) s[at] = (s[at] as number) + weight * (value - (s[at] as number));
  else s[at] = seen === period ? ((s[at] as number) + value) / period : (s[at] as number) + value;
}

function wilder(s: Float64Array, at: number, seen: number, value: number): void {
  if (seen > 14) s[at] = (s[at] as number) * (13 / 14) + value / 14;
  else s[at] = seen === 14 ? ((s[at] as number) + value) / 14 : (s[at] as number) + value;
}

function renew(s: Float64Array, at: number, close: number): void {
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < 20; i++) {
    const distance = (s[at + RING + i] as number) - close;
    total += s[at + RING + i] as number;
    sum += distance;
    squares += distance * distance;
  }
  s[at + ANCHOR] = close;
  s[at + SUM] = sum;
  s[at + SQUARES] = squares;
  s[at + MASS] = squares;
  s[at + TOTAL] = total;
  s[at + TURNOVER] = total;
}
