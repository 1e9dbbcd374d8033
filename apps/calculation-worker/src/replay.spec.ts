import type { SettingsInput } from '@wagehood/config';
import type { BarEvent, WarmupEntry } from '@wagehood/contracts';
import { builtinIndicators, createCatalog } from '@wagehood/indicators';
import { seriesKey, type Bar } from '@wagehood/market';
import { MemoryPartition } from '@wagehood/streams/testing';
import fc from 'fast-check';
import { CalculationProcessor, type CalculationItem } from './calculation-processor';
import { barEventOf, documentOf, quickIndicators } from './testing/documents';
import { fragileIndicator } from './testing/fragile-indicator';

const SYMBOLS = ['SPY', 'QQQ', 'IWM'];
const INDICATORS = [...quickIndicators, { name: 'fragile' }];
const catalog = createCatalog([...builtinIndicators, fragileIndicator]);
const FIRST_OPEN = Date.UTC(2026, 0, 5);

type Op =
  | { readonly do: 'bars'; readonly moves: readonly { symbol: number; minutes: number; close: number }[] }
  | { readonly do: 'configure'; readonly settings: SettingsInput }
  | { readonly do: 'warm'; readonly symbol: number; readonly bars: number }
  | { readonly do: 'save'; readonly cells: number }
  | { readonly do: 'restart' };

const settings: fc.Arbitrary<SettingsInput> = fc.record({
  indicators: fc.subarray(INDICATORS),
  strategies: fc.subarray([
    { name: 'sr_breakout_strategy' },
    { name: 'ma_crossover_strategy', parameters: { fast_period: 3, slow_period: 4 } },
  ]),
  watchlist: fc.subarray(SYMBOLS).chain((symbols) =>
    fc.tuple(
      ...symbols.map((symbol) =>
        fc.record({
          symbol: fc.constant(symbol),
          enabled: fc.boolean(),
          timeframes: fc.array(fc.constantFrom('1m' as const, '5m' as const, '15m' as const), { maxLength: 3 }),
        }),
      ),
    ),
  ),
});
const move = fc.record({
  symbol: fc.nat(SYMBOLS.length - 1),
  minutes: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) },
  ),
  /** 13 breaks an indicator, 0 is no price. */
  close: fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 1, max: 1_000, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(13, 0) },
  ),
});
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('bars' as const), moves: fc.array(move, { maxLength: 8, size: 'max' }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('configure' as const), settings }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('warm' as const),
      symbol: fc.nat(SYMBOLS.length - 1),
      bars: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('save' as const), cells: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** Some past of a symbol, up to the bar that it has come to. */
function pastOf(symbol: number, minute: number, count: number, version: number): WarmupEntry {
  const bars = Array.from({ length: count }, (_, i) => {
    const ago = count - 1 - i;
    const close = 5 + ((ago * 37) % 20); // 13 is among them
    const openTime = FIRST_OPEN + (minute - ago) * 60_000;
    return barEventOf(SYMBOLS[symbol] as string, { openTime, open: close, high: close, low: close, close, volume: 1 });
  });
  return { symbol: SYMBOLS[symbol] as string, timeframe: '1m', version, need: 10, bars };
}

/** Plays a history: with all its saves and deaths, or as one process that never dies. */
function play(ops: readonly Op[], mortal: boolean): MemoryPartition<CalculationItem> {
  const partition = new MemoryPartition<CalculationItem>(() => new CalculationProcessor(catalog, () => undefined));
  const minutes = SYMBOLS.map(() => 0);
  let version = 0;
  for (const step of ops) {
    if (step.do === 'configure') partition.append('control', JSON.stringify(documentOf(++version, step.settings)), 0);
    if (step.do === 'bars') {
      const bars: BarEvent[] = step.moves.map(({ symbol, minutes: ahead, close }) => {
        const openTime = FIRST_OPEN + (minutes[symbol] = (minutes[symbol] as number) + ahead) * 60_000;
        const bar: Bar = { openTime, open: close, high: close * 1.01, low: close * 0.99, close, volume: close };
        return barEventOf(SYMBOLS[symbol] as string, bar);
      });
      partition.append('bar', JSON.stringify(bars), bars.length);
    }
    if (step.do === 'warm') {
      const past = pastOf(step.symbol, minutes[step.symbol] as number, step.bars, version);
      partition.append('warmup', JSON.stringify(past), step.bars);
    }
    if (mortal && step.do === 'save') partition.save(step.cells);
    if (mortal && step.do === 'restart') partition.restart();
  }
  partition.save();
  return partition;
}

/** Stored cells but the timeline of configurations, which may hold more of the past than is needed. */
const symbolCells = ({ stored }: MemoryPartition<CalculationItem>) =>
  new Map([...stored].filter(([cell]) => !cell.startsWith('#')));

describe('the calculation of a partition that dies and is taken over', () => {
  it('says and stores the same as one that never died, whatever was saved when', () => {
    const first: Op = { do: 'configure', settings: { indicators: quickIndicators, watchlist: [{ symbol: 'SPY' }] } };
    fc.assert(
      fc.property(fc.array(op, { minLength: 10, maxLength: 40, size: 'max' }), (ops) => {
        const [mortal, immortal] = [play([first, ...ops], true), play([first, ...ops], false)];
        expect(mortal.letters).toEqual(immortal.letters);
        expect(mortal.outs).toEqual(immortal.outs);
        expect(symbolCells(mortal)).toEqual(symbolCells(immortal));
        expect(mortal.latest).toEqual(immortal.latest);
        for (const symbol of SYMBOLS)
          for (const timeframe of ['1m', '5m', '15m'] as const)
            expect(mortal.rows(seriesKey(symbol, timeframe))).toEqual(immortal.rows(seriesKey(symbol, timeframe)));
      }),
      { numRuns: 150 },
    );
  });
});
