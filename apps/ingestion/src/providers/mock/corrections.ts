import { timeframeMs, type Timeframe } from '@wagehood/market';
import { createBarMaker, hashPlace, hashText, mix } from '@wagehood/mock-market';
import type { FeedBar, FeedRequest, OnBars } from '../provider';

/** Planes of the hash from which is drawn whether a bar is corrected, and to what. */
const [CHOICE_PLANE, PRICE_PLANE] = [300, 301];
/** Bars after which the last correction of a bar has been said. */
const MOST_BARS_LATER = 8;

/** Second thoughts of an invented market about the bars of one symbol: which, when and to what follows from the seed alone. */
export interface Corrections {
  /** The bar that opens at `openTime` as it is known once the one that opens at `newest` is there. */
  known(openTime: number, newest: number): FeedBar;
  /** What is said right behind the bar that opens at `openTime`: corrections of earlier ones. */
  behind(openTime: number): FeedBar[];
}

/** Every `every`-th bar on average is corrected, one to four bars later; half of those once more, one to four bars after that. */
export function createCorrections(seed: number, symbol: string, timeframe: Timeframe, every: number): Corrections {
  const name = mix(hashText(symbol) ^ mix(seed));
  const spanMs = timeframeMs(timeframe);
  const maker = createBarMaker(seed, symbol, timeframe);
  const cellOf = (openTime: number): number => (openTime / spanMs) | 0;

  /** Bars after which each revision is said. */
  const saidAfter = (openTime: number): readonly number[] => {
    const draw = every === 0 ? 1 : hashPlace(name, CHOICE_PLANE, cellOf(openTime));
    if (every === 0 || draw % every !== 0) return [];
    const bits = mix(draw);
    const first = 1 + (bits & 3);
    return (bits & 16) === 0 ? [first] : [first, first + 1 + ((bits >>> 2) & 3)];
  };
  const corrected = (openTime: number, revision: number): FeedBar => {
    const bar = maker.final(openTime);
    const draw = hashPlace(name, PRICE_PLANE + revision, cellOf(openTime));
    const shift = ((draw & 255) / 128 - 1) * Math.max(0.05, bar.high - bar.low);
    const close = Math.max(0.01, Math.round((bar.close + shift) * 100) / 100);
    const volume = bar.volume + 1 + ((draw >>> 8) & 255);
    return { ...bar, high: Math.max(bar.high, close), low: Math.min(bar.low, close), close, volume, revision };
  };
  return {
    known(openTime, newest) {
      const revision = saidAfter(openTime).filter((bars) => openTime + bars * spanMs <= newest).length;
      return revision === 0 ? maker.final(openTime) : corrected(openTime, revision);
    },
    behind(openTime) {
      const said: FeedBar[] = [];
      for (let later = MOST_BARS_LATER; later >= 1; later--) {
        const earlier = openTime - later * spanMs;
        const revision = saidAfter(earlier).indexOf(later) + 1;
        if (revision > 0) said.push(corrected(earlier, revision));
      }
      return said;
    },
  };
}

/**
 * Says corrections right behind the bars after which they are due. Whoever connects hears again what was said around its last bar: it may
 * not have come through, and what is known is known.
 */
export function sayCorrections(
  feeds: readonly FeedRequest[],
  of: (symbol: string, timeframe: Timeframe) => Corrections,
  onBars: OnBars,
): OnBars {
  const bySymbol = new Map(feeds.map(({ symbol, timeframe }) => [symbol, of(symbol, timeframe)]));
  let again = feeds.flatMap(({ symbol, timeframe, after }) => {
    if (after === null) return [];
    const lately = Array.from({ length: MOST_BARS_LATER }, (_, i) => after - i * timeframeMs(timeframe)).reverse();
    return lately.flatMap((openTime) => bySymbol.get(symbol)?.behind(openTime) ?? []);
  });
  return async (bars) => {
    const said = [...again];
    again = [];
    for (const bar of bars) {
      said.push(bar);
      if (bar.isFinal) said.push(...(bySymbol.get(bar.symbol)?.behind(bar.openTime) ?? []));
    }
    await onBars(said);
  };
}
