import type { SettingsInput } from '@wagehood/config';
import { createCatalog } from '@wagehood/indicators';
import { createStrategyCatalog } from '@wagehood/strategies';
import { MemoryPartition } from '@wagehood/streams/testing';
import fc from 'fast-check';
import { StrategyProcessor, type StrategyItem } from './strategy-processor';
import { documentOf, eventOf } from './testing/documents';
import { counterStrategy, fragileStrategy } from './testing/quick-strategies';

const SYMBOLS = ['SPY', 'QQQ', 'IWM'];
const catalogs = {
  indicators: createCatalog(),
  strategies: createStrategyCatalog([counterStrategy, fragileStrategy]),
};

type Op =
  | {
      readonly do: 'bars';
      readonly bars: readonly { symbol: number; close: number; volume: number; sma: number | null }[];
    }
  | { readonly do: 'configure'; readonly settings: SettingsInput }
  | { readonly do: 'warm'; readonly symbol: number; readonly bars: number; readonly whole: boolean }
  | { readonly do: 'save'; readonly cells: number }
  | { readonly do: 'restart' };

const settings: fc.Arbitrary<SettingsInput> = fc.record({
  // Without an average the counter strategy lacks what it needs: such a configuration is put aside.
  indicators: fc.subarray([{ name: 'sma_3' }, { name: 'ema_4' }], { minLength: 0 }),
  strategies: fc
    .tuple(
      fc.record({
        name: fc.constant('counter_strategy'),
        enabled: fc.boolean(),
        parameters: fc.record({
          every: fc.integer({ min: 1, max: 3 }),
          min_confidence: fc.constantFrom(0, 0.05),
        }),
      }),
      fc.record({ name: fc.constant('fragile_strategy'), enabled: fc.boolean() }),
    )
    .map((all) => [...all]),
});
const price = fc.double({ min: 1, max: 200, noNaN: true });
const bar = fc.record({
  symbol: fc.nat(SYMBOLS.length - 1),
  close: fc.oneof({ weight: 9, arbitrary: price }, { weight: 1, arbitrary: fc.constantFrom(13, NaN) }),
  volume: price,
  sma: fc.option(price, { freq: 8 }),
});
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('bars' as const), bars: fc.array(bar, { maxLength: 8, size: 'max' }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('configure' as const), settings }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('warm' as const),
      symbol: fc.nat(SYMBOLS.length - 1),
      bars: fc.nat(10),
      whole: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('save' as const), cells: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** Plays a history: with all its saves and deaths, or as one process that never dies. */
function play(ops: readonly Op[], mortal: boolean): MemoryPartition<StrategyItem> {
  const partition = new MemoryPartition<StrategyItem>(() => new StrategyProcessor(catalogs, 't', () => undefined));
  const minutes = SYMBOLS.map(() => 0);
  let version = 0;
  for (const step of ops) {
    if (step.do === 'configure') partition.append('control', JSON.stringify(documentOf(++version, step.settings)), 0);
    if (step.do === 'bars') {
      const events = step.bars.map(({ symbol, close, volume, sma }) => {
        const minute = (minutes[symbol] = (minutes[symbol] as number) + 1);
        return eventOf(SYMBOLS[symbol] as string, minute, close, { volume, values: { sma_3: sma, ema_4: 1 } });
      });
      partition.append('bar', JSON.stringify(events), events.length);
    }
    if (step.do === 'warm') {
      const symbol = SYMBOLS[step.symbol] as string;
      const from = (minutes[step.symbol] as number) - step.bars + 1;
      const events = Array.from({ length: step.bars }, (_, i) =>
        eventOf(symbol, from + i, 5 + ((i * 37) % 20), { values: { sma_3: 1 + i, ema_4: 1 } }),
      );
      const past = { symbol, timeframe: '1m', whole: step.whole, events };
      partition.append('warmup', JSON.stringify(past), step.bars);
    }
    if (mortal && step.do === 'save') partition.save(step.cells);
    if (mortal && step.do === 'restart') partition.restart();
  }
  partition.save();
  return partition;
}

/** Stored cells but the timeline of configurations, which may hold more of the past than is needed. */
const seriesCells = ({ stored }: MemoryPartition<StrategyItem>) =>
  new Map([...stored].filter(([cell]) => !cell.startsWith('#')));

describe('the decisions of a partition that dies and is taken over', () => {
  it('are the same as those of one that never died, whatever was saved when', () => {
    const first: Op = {
      do: 'configure',
      settings: { indicators: [{ name: 'sma_3' }], strategies: [{ name: 'counter_strategy' }] },
    };
    fc.assert(
      fc.property(fc.array(op, { minLength: 10, maxLength: 40, size: 'max' }), (ops) => {
        const [mortal, immortal] = [play([first, ...ops], true), play([first, ...ops], false)];
        expect(mortal.letters).toEqual(immortal.letters);
        expect(mortal.outs).toEqual(immortal.outs);
        expect(mortal.lists).toEqual(immortal.lists);
        expect(seriesCells(mortal)).toEqual(seriesCells(immortal));
      }),
      { numRuns: 250 },
    );
  });
});
