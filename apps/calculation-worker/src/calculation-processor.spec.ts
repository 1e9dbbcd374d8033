import { indicatorPlanOf, type Settings, type SettingsInput } from '@wagehood/config';
import { parseCalculationEvents, type BarEvent, type CalculationEvent } from '@wagehood/contracts';
import { builtinIndicators, createCatalog, runBatch, toValues } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import { MemoryPartition } from '@wagehood/streams/testing';
import { arbBars } from '@wagehood/testing';
import fc from 'fast-check';
import { CalculationProcessor, type CalculationItem } from './calculation-processor';
import { barEventOf, documentOf, quickIndicators } from './testing/documents';
import { fragileIndicator } from './testing/fragile-indicator';

const catalog = createCatalog([...builtinIndicators, fragileIndicator]);
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);

interface Bench extends MemoryPartition<CalculationItem> {
  readonly settings: Settings[];
}
function partition(): Bench {
  const settings: Settings[] = [];
  const made = new MemoryPartition<CalculationItem>(
    () => new CalculationProcessor(catalog, (latest) => settings.push(latest)),
  );
  return Object.assign(made, { settings });
}
const configure = (on: Bench, version: number, settings: SettingsInput) =>
  on.append('control', JSON.stringify(documentOf(version, { indicators: quickIndicators, ...settings })), 0);
const feed = (on: Bench, ...bars: object[]) => on.append('bar', JSON.stringify(bars), bars.length);
const at = (minute: number, close = minute + 1, symbol = 'SPY'): BarEvent =>
  barEventOf(symbol, {
    openTime: START + minute * MINUTE,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
  });
const minutes = (from: number, to: number, symbol = 'SPY'): BarEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => at(from + i, from + i + 1, symbol));
const eventsOf = (on: Bench, series = 'SPY|1m'): CalculationEvent[] =>
  on.events<CalculationEvent>().filter(({ symbol, timeframe }) => `${symbol}|${timeframe}` === series);
const seriesIn = (on: Bench): string[] => {
  on.save();
  return [...on.latest.keys()].sort();
};

describe('values', () => {
  it('equal the batch of the core, bit for bit, and parse as the contract says', () => {
    const settings = documentOf(1, {}).settings;
    const plan = indicatorPlanOf(settings, catalog);
    fc.assert(
      fc.property(arbBars({ minLength: 230, maxLength: 240 }), (bars: Bar[]) => {
        const on = partition();
        on.append('control', JSON.stringify(documentOf(1, {})), 0);
        feed(on, ...bars.map((bar) => barEventOf('SPY', bar)));
        on.save();
        const columns = runBatch(plan, bars);
        const expected = bars.map((bar, i) => ({
          ...barEventOf('SPY', bar),
          receivedAt: 1_767_571_200_002,
          values: toValues(
            plan,
            Float64Array.from(columns, (column) => column[i] as number),
          ),
        }));
        expect(eventsOf(on)).toEqual(expected);
        const rows = on.rows('SPY|1m').map(({ row }) => [...row].slice(6));
        expect(rows).toEqual(bars.map((_, i) => columns.map((column) => column[i])));
        expect(parseCalculationEvents(on.outs.at(-1)?.data ?? '')).toMatchObject({ ok: true });
      }),
      { numRuns: 20 },
    );
  });

  it('are the same when the partition dies at any bar', () => {
    const bars = minutes(0, 59);
    const whole = partition();
    configure(whole, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }] });
    feed(whole, ...bars);
    for (let cut = 0; cut < bars.length; cut += 7) {
      const parts = partition();
      configure(parts, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }] });
      feed(parts, ...bars.slice(0, cut));
      parts.save();
      parts.restart();
      feed(parts, ...bars.slice(cut));
      const times = ({ receivedAt: _, ...event }: CalculationEvent) => event;
      for (const series of ['SPY|1m', 'SPY|5m'])
        expect(eventsOf(parts, series).map(times)).toEqual(eventsOf(whole, series).map(times));
    }
  });

  it('of a forming bar are none, and it changes no state', () => {
    const on = partition();
    configure(on, 1, {});
    feed(on, ...minutes(0, 4));
    on.save();
    const before = on.stored.get('SPY|1m');
    on.append('forming', JSON.stringify([{ ...at(5), isFinal: false }]));
    on.save();
    expect(eventsOf(on).at(-1)).toMatchObject({ isFinal: false, values: {} });
    expect(on.stored.get('SPY|1m')).toEqual(before);
  });

  it('of history stay marked as such, those of larger bars too', () => {
    const on = partition();
    configure(on, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }] });
    feed(on, ...minutes(0, 4).map((bar) => ({ ...bar, backfilled: true })));
    expect(on.events<CalculationEvent>().every(({ backfilled }) => backfilled)).toBe(true);
    expect(eventsOf(on, 'SPY|5m')).toHaveLength(1);
  });
});

describe('a control entry', () => {
  it('changes what is computed at its place in the log, and what both plans have goes on', () => {
    const on = partition();
    configure(on, 1, { indicators: [{ name: 'sma_3' }, { name: 'ema_4' }] });
    feed(on, ...minutes(0, 5));
    configure(on, 2, { indicators: [{ name: 'ema_4' }, { name: 'sma_2' }] });
    feed(on, ...minutes(6, 7));
    const values = eventsOf(on).map((event) => event.values);
    expect(Object.keys(values[5] ?? {})).toEqual(['sma_3', 'ema_4']);
    expect(values.slice(6)).toEqual([
      { ema_4: 5.5, sma_2: null },
      { ema_4: 6.5, sma_2: 7.5 },
    ]);
    expect(on.outs.map(({ kind }) => kind)).toEqual(['control', 'out', 'control', 'out']);
  });

  it('is told to the stage behind as it came, and the newest one to the process', () => {
    const on = partition();
    const entry = configure(on, 1, {});
    expect(on.outs).toEqual([{ kind: 'control', data: entry.data, bars: 0 }]);
    configure(on, 2, { system: { batch_calculation_size: 77 } });
    on.save();
    on.restart();
    expect(on.settings.map(({ system }) => system.batch_calculation_size)).toEqual([10, 77, 77]);
  });

  it('that does not resolve is put aside whole, and the configuration before it stays', () => {
    const on = partition();
    configure(on, 1, { indicators: [{ name: 'sma_3' }] });
    configure(on, 2, { indicators: [{ name: 'nonsense_9' }] });
    feed(on, ...minutes(0, 2));
    expect(on.letters).toMatchObject([{ offset: 2, symbol: null, error: expect.stringContaining('nonsense_9') }]);
    expect(eventsOf(on).at(-1)?.values).toEqual({ sma_3: 2 });
  });

  it('makes larger timeframes appear, once however often they are named, and disappear', () => {
    const on = partition();
    configure(on, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['1m', '5m', '5m'] }] });
    feed(on, ...minutes(0, 9));
    expect(eventsOf(on, 'SPY|5m').map(({ close }) => close)).toEqual([5, 10]);
    expect(seriesIn(on)).toEqual(['SPY|1m', 'SPY|5m']);
    configure(on, 2, { watchlist: [{ symbol: 'SPY', timeframes: ['15m'] }] });
    feed(on, ...minutes(10, 29));
    expect(eventsOf(on, 'SPY|5m')).toHaveLength(2);
    expect(eventsOf(on, 'SPY|15m').map(({ timestamp, open, close, volume }) => [timestamp, open, close, volume])).toEqual([
      [START, 11, 15, 5], // it began to grow at the control entry
      [START + 15 * MINUTE, 16, 30, 15],
    ]); // prettier-ignore
    expect(seriesIn(on)).toEqual(['SPY|15m', 'SPY|1m']);
  });

  it.each([
    ['left out', [{ symbol: 'QQQ' }]],
    ['switched off', [{ symbol: 'QQQ' }, { symbol: 'SPY', enabled: false, timeframes: ['5m' as const] }]],
  ])('hides every latest value of a symbol that is %s', (_, watchlist) => {
    const on = partition();
    configure(on, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }, { symbol: 'QQQ' }] });
    feed(on, ...minutes(0, 4), ...minutes(0, 4, 'QQQ'));
    expect(seriesIn(on)).toEqual(['QQQ|1m', 'SPY|1m', 'SPY|5m']);
    configure(on, 2, { watchlist });
    expect(seriesIn(on)).toEqual(['QQQ|1m']);
    configure(on, 3, { watchlist: [{ symbol: 'SPY' }] });
    feed(on, at(5));
    expect(seriesIn(on)).toEqual(['SPY|1m']);
    expect(eventsOf(on).at(-1)?.values['sma_3']).toBe(5); // what it had learnt is still there
  });

  it('that is folded again hides nothing that came after it', () => {
    const on = partition();
    configure(on, 1, { watchlist: [{ symbol: 'SPY' }, { symbol: 'QQQ' }] });
    feed(on, at(0), at(0, 1, 'QQQ'));
    configure(on, 2, { watchlist: [{ symbol: 'QQQ' }] });
    configure(on, 3, { watchlist: [{ symbol: 'SPY' }, { symbol: 'QQQ' }] });
    feed(on, at(1));
    on.save(1); // SPY is stored, QQQ is not: a replay begins before all of this
    on.restart();
    expect(seriesIn(on)).toEqual(['QQQ|1m', 'SPY|1m']);
  });
});

describe('what is wrong with the input', () => {
  it.each([
    ['has no sense', { ...at(2), high: 0.5 }, 'not a valid bar: high 0.5 is below low 3'],
    ['is none', null, 'not a bar: symbol or timeframe is missing'],
    ['lies', { ...at(2), symbol: 'S"PY' }, `not a valid bar: 'S"PY' is no symbol`],
    ['would break the text of its batch', { ...at(2), price: undefined }, 'not a valid bar: price is undefined, expected the close'], // prettier-ignore
  ])('is put aside with the reason when a bar %s; its batch goes on and no state is touched', (_, bad, error) => {
    const [with_, without] = [partition(), partition()];
    for (const on of [with_, without]) {
      configure(on, 1, { watchlist: [{ symbol: 'SPY', timeframes: ['5m'] }] });
      feed(on, ...minutes(0, 1));
    }
    with_.append('bar', JSON.stringify([bad, at(2)]), 1);
    feed(without, at(2));
    [with_, without].forEach((on) => on.save());
    expect(with_.letters).toEqual([
      expect.objectContaining({ offset: 3, error, definition: null, payload: JSON.stringify(bad) }),
    ]);
    expect(with_.outs).toEqual(without.outs);
    expect(with_.stored).toEqual(without.stored);
  });

  it.each([
    ['[{]', 'bar', /JSON/],
    ['{"a":1}', 'bar', 'data is no JSON array of bars'],
    ['{"version":1}', 'control', /^control document: settings: /],
    ['[]', 'rumour', `entry has kind 'rumour', expected bar, forming, control, gap, system, warmup or correction`],
  ])('is put aside when an entry is %s of kind %s', (data, kind, error) => {
    const on = partition();
    configure(on, 1, {});
    on.append(kind, data);
    expect(on.letters).toEqual([
      expect.objectContaining({ offset: 2, symbol: null, payload: data, error: expect.stringMatching(error) }),
    ]);
  });

  it('is put aside when no configuration came before it', () => {
    const on = partition();
    feed(on, at(0));
    expect(on.letters).toMatchObject([{ symbol: 'SPY', error: 'a bar came before the first configuration' }]);
    expect(on.outs).toEqual([]);
  });

  it.each(['gap', 'system'] as const)('passes a %s on that ingestion has reported, once and in its place', (kind) => {
    const on = partition();
    on.append(kind, '{"as":"it came"}', 0);
    on.save();
    on.append(kind, '{"as":"the second"}', 0);
    on.restart();
    expect(on.outs).toMatchObject([
      { kind, data: '{"as":"it came"}' },
      { kind, data: '{"as":"the second"}' },
    ]);
    expect(on.letters).toEqual([]);
  });
});

describe('an indicator that throws', () => {
  it('is isolated: named in a dead letter, its values null, its state as before; the others go on', () => {
    const on = partition();
    configure(on, 1, { indicators: [{ name: 'fragile' }, { name: 'sma_3' }] });
    feed(on, at(0), at(1), at(2, 13), at(3));
    expect(on.letters).toEqual([
      {
        offset: 2,
        symbol: 'SPY',
        timeframe: '1m',
        definition: 'fragile',
        payload: JSON.stringify({ openTime: START + 2 * MINUTE, open: 13, high: 13, low: 13, close: 13, volume: 1 }),
        error: 'cannot bear 13',
        attempts: 1,
      },
    ]);
    expect(eventsOf(on).map((event) => event.values)).toEqual([
      { fragile: { count: 1, last: 1 }, sma_3: null },
      { fragile: { count: 2, last: 2 }, sma_3: null },
      { fragile: { count: null, last: null }, sma_3: 16 / 3 },
      { fragile: { count: 3, last: 4 }, sma_3: 19 / 3 },
    ]);
  });
});

describe('stored state', () => {
  it('of a plan that no configuration of the log names is refused in words', () => {
    const saved = partition();
    configure(saved, 1, { indicators: [{ name: 'sma_3' }] });
    feed(saved, at(0));
    saved.save();
    const processor = new CalculationProcessor(catalog, () => undefined);
    const bytes = saved.stored.get('SPY|1m') ?? new Uint8Array();
    expect(() => processor.load('SPY|1m', bytes, 2)).toThrow(
      /state of SPY\|1m follows plan [0-9a-f]{16}, which no configuration of the log names/,
    );
  });
});
