import type { Bar } from '@wagehood/market';
import { createRandom, exponential, type Random } from './random';

/** The markets on which strategies are calibrated. */
export const MARKETS = ['random-walk', 'trending', 'mean-reverting'] as const;
export type Market = (typeof MARKETS)[number];

export interface MarketOptions {
  readonly bars: number;
  readonly seed: number;
  /** Standard deviation of the return of a bar, as a share of the price: 0.01 = 1 %. */
  readonly sigma: number;
  /** First close; 100 by default. */
  readonly price?: number;
}

const MINUTE = 60_000;
const FIRST_OPEN = 1_700_000_040_000;
/** Drift of a trend, in standard deviations per bar, and the least and most bars that it lasts. */
const TREND = { drift: 0.12, shortest: 150, longest: 600 };
/** Share of the distance from its centre that a mean-reverting price loses per bar. */
const REVERSION = 0.05;

/** Seeded bars of one minute, sane by `validateBar`; log-normal volume (σ 0.5) that rises with |return|. */
export function generateMarket(market: Market, { bars, seed, sigma, price = 100 }: MarketOptions): Bar[] {
  const random = createRandom(seed);
  const nextClose = closes(market, random, sigma, price);
  let previous = price;
  return Array.from({ length: bars }, (_, at) => {
    const close = nextClose();
    const bar = wrap(random, FIRST_OPEN + at * MINUTE, previous, close, sigma);
    previous = close;
    return bar;
  });
}

function closes(market: Market, random: Random, sigma: number, price: number): () => number {
  if (market === 'mean-reverting') {
    let away = 0;
    return () => price * exponential((away = away * (1 - REVERSION) + sigma * random.normal()));
  }
  let close = price;
  const drift = market === 'trending' ? regimes(random, sigma) : () => 0;
  return () => (close *= exponential(drift() + sigma * random.normal()));
}

/** Drifts up and down in turn, each for a random number of bars. */
function regimes(random: Random, sigma: number): () => number {
  let left = 0;
  let sign = random.uniform() < 0.5 ? 1 : -1;
  return () => {
    if (left-- === 0) {
      left = TREND.shortest + Math.floor(random.uniform() * (TREND.longest - TREND.shortest));
      sign = -sign;
    }
    return sign * TREND.drift * sigma;
  };
}

function wrap(random: Random, openTime: number, open: number, close: number, sigma: number): Bar {
  const reach = () => 1 + 0.5 * sigma * Math.abs(random.normal());
  const moved = Math.abs(close / open - 1) / sigma;
  return {
    openTime,
    open,
    high: Math.max(open, close) * reach(),
    low: Math.min(open, close) / reach(),
    close,
    volume: Math.round(10_000 * exponential(0.5 * random.normal()) * (1 + 0.5 * moved)),
  };
}
