import { timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import { gauss, hashPlace, hashText, mix, unit } from './hash';
import { createWalk, SIGMA_PER_SECOND, UNIT_MS } from './walk';

/** Plane of the hash from which wicks and volumes are drawn; 0–102 belong to the walk. */
const CANDLE_PLANE = 200;
const [UNIT, WALK, CLOSE] = [0, 1, 2];

/** A bar of an invented market. */
export interface MadeBar extends Bar {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly isFinal: boolean;
}

/** How many `fill` puts. */
export const NUMBERS_PER_BAR = 5;

/** Makes any bar of one symbol, in any order; cheapest in rising order (below 1 µs a bar). */
export interface BarMaker {
  readonly symbol: string;
  /** The final bar that opens at `openTime` (aligned, epoch ms). */
  final(openTime: number): MadeBar;
  /** Puts its numbers (NUMBERS_PER_BAR of them: open, high, low, close, volume) to `at` and behind it. */
  fill(openTime: number, into: Float64Array, at: number): void;
  /** The bar as it stands at `now`, openTime ≤ now < openTime + timeframe: what is known of it, still forming. */
  forming(openTime: number, now: number): MadeBar;
}

/** Prices are rounded to cents; the base price of a symbol lies between 80 and 680, from its name and the seed. */
export function createBarMaker(seed: number, symbol: string, timeframe: Timeframe): BarMaker {
  const name = mix(hashText(symbol) ^ mix(seed));
  const walk = createWalk(name);
  const base = 80 * 8.5 ** unit(mix(name + 1));
  const spanMs = timeframeMs(timeframe);
  const usualMove = SIGMA_PER_SECOND * Math.sqrt(spanMs / 1000);
  const usualVolume = (100 + 4900 * unit(mix(name + 2))) * (spanMs / 1000);
  const pathUnits = spanMs / UNIT_MS;
  // Where the last final bar ended. A number that a closure keeps is an object, a new one for every bar.
  const known = Float64Array.of(-1, 0, 0);

  const fill = (openTime: number, share: number, isFinal: boolean, into: Float64Array, at: number): void => {
    const first = openTime / UNIT_MS;
    const draw = hashPlace(name, CANDLE_PLANE, (openTime / spanMs) | 0);
    const joins = first === known[UNIT];
    const start = joins ? (known[WALK] as number) : walk.at(first);
    const open = joins ? (known[CLOSE] as number) : cents(base * Math.exp(start));
    let end = start;
    let top = start;
    let bottom = start;
    for (let quarter = 1; quarter <= 4 * share; quarter++) {
      end = walk.at(first + Math.floor((pathUnits * quarter) / 4));
      if (end > top) top = end;
      else if (end < bottom) bottom = end;
    }
    const close = cents(base * Math.exp(end));
    if (isFinal) {
      known[UNIT] = first + pathUnits;
      known[WALK] = end;
      known[CLOSE] = close;
    }
    const { volume } = walk.regime();
    const wick = (usualMove * share) / 1024;
    const excitement = 0.5 + (0.8 * (top - bottom)) / usualMove;
    into[at] = open;
    into[at + 1] = cents(base * Math.exp(top + wick * (draw & 255)));
    into[at + 2] = cents(base * Math.exp(bottom - wick * ((draw >>> 8) & 255)));
    into[at + 3] = close;
    into[at + 4] = Math.ceil(usualVolume * share * volume * excitement * Math.exp(0.4 * gauss(mix(draw))));
  };
  const numbers = new Float64Array(NUMBERS_PER_BAR);
  const build = (openTime: number, share: number, isFinal: boolean): MadeBar => {
    fill(openTime, share, isFinal, numbers, 0);
    return madeBar(symbol, timeframe, openTime, numbers, 0, isFinal);
  };
  return {
    symbol,
    fill: (openTime, into, at) => fill(openTime, 1, true, into, at),
    final: (openTime) => build(openTime, 1, true),
    forming: (openTime, now) => build(openTime, Math.floor((4 * (now - openTime)) / spanMs) / 4, false),
  };
}

/** A bar of what `fill` has put to `at`. */
export const madeBar = (
  symbol: string,
  timeframe: Timeframe,
  openTime: number,
  numbers: Float64Array,
  at: number,
  isFinal = true,
): MadeBar => ({
  symbol,
  timeframe,
  openTime,
  open: numbers[at] as number,
  high: numbers[at + 1] as number,
  low: numbers[at + 2] as number,
  close: numbers[at + 3] as number,
  volume: numbers[at + 4] as number,
  isFinal,
});

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}
