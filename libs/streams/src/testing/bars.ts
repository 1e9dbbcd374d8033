import type { BarEvent } from '@wagehood/contracts';

/** Bar number `n` (from 1) of a symbol: one second long, close = n. */
export function numberedBar(symbol: string, n: number): BarEvent {
  return {
    symbol,
    timeframe: '1s',
    timestamp: n * 1_000,
    open: n,
    high: n,
    low: n,
    close: n,
    volume: 1,
    price: n,
    source: 'test',
    isFinal: true,
  };
}

/** The same bar, corrected: its close tells the revision behind the point. */
export function revisedBar(symbol: string, n: number, revision: number): BarEvent {
  const close = n + revision / 1_000;
  return { ...numberedBar(symbol, n), high: n + 1, close, price: close, revision };
}

export const numberedBars = (symbols: readonly string[], from: number, to: number): BarEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => symbols.map((symbol) => numberedBar(symbol, from + i))).flat();
