import { isTimeframe, type Timeframe } from './timeframe';

/** Letters, digits and the marks that exchanges use; safe in a URL path, a file name and a Redis key (no `|`, `:`, `{`). */
const SYMBOL = /^\^?[A-Z0-9][A-Z0-9.^=_-]{0,30}$/;

/** Normalises a symbol (`' btc/usd '` → `BTC-USD`); null if it cannot be one. */
export function parseSymbol(raw: string): string | null {
  const symbol = raw.trim().toUpperCase().replace('/', '-');
  return SYMBOL.test(symbol) ? symbol : null;
}

/** `SPY|1m`: names one series of bars everywhere, in memory and in Redis. */
export type SeriesKey = string;

export function seriesKey(symbol: string, timeframe: Timeframe): SeriesKey {
  return `${symbol}|${timeframe}`;
}

/** The parts of a key that `seriesKey` made; throws on anything else, because keys are never typed by people. */
export function parseSeriesKey(key: SeriesKey): { readonly symbol: string; readonly timeframe: Timeframe } {
  const bar = key.lastIndexOf('|');
  const symbol = key.slice(0, bar);
  const timeframe = key.slice(bar + 1);
  if (bar < 1 || parseSymbol(symbol) !== symbol || !isTimeframe(timeframe))
    throw new Error(`not a series key: '${key}', expected SYMBOL|timeframe`);
  return { symbol, timeframe };
}
