import type { SettingsInput } from '@wagehood/config';
import type { Signal } from '@wagehood/contracts';
import { createCatalog } from '@wagehood/indicators';
import { createStrategyCatalog } from '@wagehood/strategies';
import { MemoryPartition } from '@wagehood/streams/testing';
import { StrategyProcessor, type StrategyItem } from './strategy-processor';
import { documentOf, eventOf } from './testing/documents';
import { counterStrategy, fragileStrategy } from './testing/quick-strategies';

const catalogs = {
  indicators: createCatalog(),
  strategies: createStrategyCatalog([counterStrategy, fragileStrategy]),
};
const partition = () => new MemoryPartition<StrategyItem>(() => new StrategyProcessor(catalogs, 't', () => undefined));
type Partition = ReturnType<typeof partition>;

const COUNTER = { name: 'counter_strategy', parameters: { every: 1 } };
const FRAGILE = { name: 'fragile_strategy' };
const configure = (on: Partition, version: number, ...strategies: NonNullable<SettingsInput['strategies']>) =>
  on.append('control', JSON.stringify(documentOf(version, { indicators: [{ name: 'sma_3' }], strategies })), 0);
const minutes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    eventOf('SPY', from + i, 100, { volume: from + i, values: { sma_3: 1 } }),
  );
const feed = (on: Partition, from: number, to: number) => {
  const events = minutes(from, to);
  return on.append('bar', JSON.stringify(events), events.length);
};
const warm = (on: Partition, from: number, to: number, whole = false) => {
  const past = { symbol: 'SPY', timeframe: '1m', whole, events: minutes(from, to) };
  return on.append('warmup', JSON.stringify(past), past.events.length);
};
/** How many bars the counter had been shown when it decided. */
const counts = (on: Partition): number[] =>
  on.events<Signal>().map(({ factors }) => Math.round((factors['certainty'] as number) * 101));

describe('a strategy that is added in mid-stream', () => {
  it('knows its past once it was shown it, and has decided nothing on it', () => {
    const on = partition();
    configure(on, 1, FRAGILE);
    feed(on, 1, 10);
    configure(on, 2, FRAGILE, COUNTER);
    feed(on, 11, 12);
    warm(on, 1, 12);
    expect(counts(on)).toEqual([1, 2]);
    feed(on, 13, 14);
    expect(counts(on)).toEqual([1, 2, 13, 14]);
  });

  it('is shown it once; those that were there see nothing of it', () => {
    const on = partition();
    configure(on, 1, COUNTER);
    feed(on, 1, 10);
    configure(on, 2, COUNTER, FRAGILE);
    warm(on, 1, 10);
    on.save();
    const shown = on.stored.get('SPY|1m');
    warm(on, 5, 10);
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(shown);
    feed(on, 11, 11);
    expect(counts(on).at(-1)).toBe(11);
  });

  it('waits for its past over a restart', () => {
    const on = partition();
    configure(on, 1, FRAGILE);
    feed(on, 1, 10);
    configure(on, 2, FRAGILE, COUNTER);
    feed(on, 11, 11);
    on.save();
    on.restart();
    warm(on, 1, 11);
    on.save();
    on.restart();
    feed(on, 12, 12);
    expect(counts(on)).toEqual([1, 12]);
  });

  it('and goes again before its past has come, waits for nothing', () => {
    const on = partition();
    configure(on, 1, FRAGILE);
    feed(on, 1, 3);
    on.save();
    const before = on.stored.get('SPY|1m');
    configure(on, 2, FRAGILE, COUNTER);
    configure(on, 3, FRAGILE);
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(before);
  });
});

describe('a series that is added in mid-stream', () => {
  it('is what its past makes of it, whatever was learnt before', () => {
    const on = partition();
    configure(on, 1, COUNTER);
    feed(on, 6, 7);
    warm(on, 1, 7, true);
    feed(on, 8, 8);
    expect(counts(on)).toEqual([1, 2, 8]);
  });

  it('may begin with its past', () => {
    const on = partition();
    configure(on, 1, COUNTER);
    warm(on, 1, 7, true);
    feed(on, 8, 8);
    expect(counts(on)).toEqual([8]);
  });
});

describe('a corrected series', () => {
  const correct = (on: Partition, from: number, to: number) => {
    const past = { symbol: 'SPY', timeframe: '1m', from: 60_000 * from, events: minutes(from, to) };
    return on.append('correction', JSON.stringify(past), past.events.length);
  };

  it('is what its bars make of it, whatever was learnt before; nothing is decided again', () => {
    const on = partition();
    configure(on, 1, COUNTER);
    feed(on, 1, 7);
    const decided = counts(on);
    correct(on, 4, 7);
    expect(counts(on)).toEqual(decided);
    feed(on, 8, 8);
    expect(counts(on)).toEqual([...decided, 5]);
  });

  it('is the same after a restart, and waits for no past any more', () => {
    const on = partition();
    configure(on, 1, FRAGILE);
    feed(on, 1, 5);
    configure(on, 2, FRAGILE, COUNTER);
    on.save();
    correct(on, 2, 5);
    on.restart();
    feed(on, 6, 6);
    warm(on, 1, 6);
    feed(on, 7, 7);
    expect(counts(on)).toEqual([5, 6]);
  });

  it('is put aside when it cannot be read', () => {
    const on = partition();
    configure(on, 1, COUNTER);
    on.append('correction', '{"symbol":"SPY","timeframe":"1m"}');
    expect(on.letters).toMatchObject([{ offset: 2, error: expect.stringMatching(/^correction: from/) }]);
  });
});

it('puts aside a past that it cannot read', () => {
  const on = partition();
  configure(on, 1, COUNTER);
  on.append('warmup', '{"symbol":"SPY","timeframe":"1m"}');
  expect(on.letters).toMatchObject([{ offset: 2, error: expect.stringMatching(/^warm-up: whole/) }]);
});
