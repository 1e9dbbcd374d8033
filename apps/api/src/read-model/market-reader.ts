import { parseSeriesKey, seriesKey, TIMEFRAMES, timeframeMs } from '@wagehood/market';
import { parseJson, type CalculationEvent, type Signal } from '@wagehood/contracts';
import type { Reader } from '@wagehood/streams';
import { coalesce } from './coalesce';

/** What the hot routes read: one round trip per turn of the event loop, however many clients ask. */
export interface MarketReader {
  /** The latest event of every series of a symbol, shortest timeframe first. */
  latest(symbol: string): Promise<readonly CalculationEvent[]>;
  /** Newest first. */
  signals(symbol: string, limit: number): Promise<readonly Signal[]>;
}

export function createMarketReader(reader: Pick<Reader, 'latest' | 'signals'>): MarketReader {
  const latest = coalesce(async (symbols) => {
    const series = symbols.flatMap((symbol) => TIMEFRAMES.map((timeframe) => seriesKey(symbol, timeframe)));
    const bySymbol = new Map<string, CalculationEvent[]>(symbols.map((symbol) => [symbol, []]));
    for (const [key, json] of await reader.latest(series)) {
      const parsed = parseJson(json);
      if (parsed.ok) bySymbol.get(parseSeriesKey(key).symbol)?.push(parsed.value as CalculationEvent);
    }
    for (const events of bySymbol.values()) {
      events.sort((a, b) => timeframeMs(a.timeframe) - timeframeMs(b.timeframe));
    }
    return [...bySymbol.values()];
  });
  return {
    latest,
    async signals(symbol, limit) {
      const texts = await reader.signals(symbol, limit);
      // Written by our own evaluator in the commit that emitted them: read as they are, without checking each field again.
      const signals = texts.map(parseJson).flatMap((parsed) => (parsed.ok ? [parsed.value as Signal] : []));
      return signals.reverse();
    },
  };
}
