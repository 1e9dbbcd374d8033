import { barEventOf, type BarEvent } from '@wagehood/contracts';
import fc from 'fast-check';
import { arbBars, arbSymbol, type BarsOptions } from './bars';

/** A series of bars of one symbol as they travel on `market_data_stream`. */
export function arbBarEvents(options: BarsOptions & { readonly symbol?: string } = {}): fc.Arbitrary<BarEvent[]> {
  const symbol = options.symbol === undefined ? arbSymbol : fc.constant(options.symbol);
  const timeframe = options.timeframe ?? '1m';
  return fc
    .tuple(symbol, arbBars(options))
    .map(([name, bars]) => bars.map((bar) => barEventOf(bar, { symbol: name, timeframe, source: 'mock' })));
}
