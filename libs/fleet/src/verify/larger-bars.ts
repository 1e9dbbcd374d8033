import { barOf, type BarEvent } from '@wagehood/contracts';
import { timeframeMs, type Bar, type Timeframe } from '@wagehood/market';

interface Open {
  readonly openTime: number;
  readonly bars: Bar[];
}

/** Larger bars made the slow and obvious way: keep the small ones, merge them when the last has come. */
export class LargerBars {
  readonly #open = new Map<string, Open>();

  /** The larger bar that `bar` completes, if it does. Feeds of these tests have no gaps inside a larger bar. */
  take(bar: BarEvent, timeframe: Timeframe): BarEvent[] {
    const key = `${bar.symbol}|${timeframe}`;
    const spanMs = timeframeMs(timeframe);
    const openTime = Math.floor(bar.timestamp / spanMs) * spanMs;
    const open = this.#open.get(key) ?? { openTime, bars: [] };
    if (open.openTime !== openTime) throw new Error(`${key}: the feed has a gap at ${bar.timestamp}`);
    open.bars.push(barOf(bar));
    this.#open.set(key, open);
    if (bar.timestamp + timeframeMs(bar.timeframe) < openTime + spanMs) return [];
    this.#open.delete(key);
    return [{ ...bar, ...merge(open.bars), timeframe, timestamp: openTime, price: bar.close }];
  }

  /** Begins a series anew, with the small bars of its open bar, if there are any. */
  begin(symbol: string, timeframe: Timeframe, from?: LargerBars): void {
    const key = `${symbol}|${timeframe}`;
    const open = from === undefined ? undefined : from.#open.get(key);
    if (open) this.#open.set(key, open);
    else this.#open.delete(key);
  }
}

function merge(bars: readonly Bar[]): Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'> {
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) throw new Error('no bars to merge');
  return {
    open: first.open,
    high: Math.max(...bars.map(({ high }) => high)),
    low: Math.min(...bars.map(({ low }) => low)),
    close: last.close,
    volume: bars.reduce((sum, { volume }) => sum + volume, 0),
  };
}
