import { indicatorPlanOf, type SettingsInput } from '@wagehood/config';
import { parseWarmupEvents, type BarEvent, type CalculationEvent, type WarmupEvents } from '@wagehood/contracts';
import { builtinIndicators, createCatalog, runBatch } from '@wagehood/indicators';
import { seriesKey, type Bar, type Timeframe } from '@wagehood/market';
import { MemoryPartition } from '@wagehood/streams/testing';
import { arbBars } from '@wagehood/testing';
import fc from 'fast-check';
import { CalculationProcessor, type CalculationItem } from './calculation-processor';
import { barEventOf, documentOf } from './testing/documents';

const catalog = createCatalog(builtinIndicators);
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const [FEW, MORE]: SettingsInput['indicators'][] = [
  [{ name: 'ema_4' }],
  [{ name: 'sma_20' }, { name: 'ema_4' }, { name: 'rsi_5' }, { name: 'bollinger_bands', parameters: { period: 7 } }],
];

const partition = () => new MemoryPartition<CalculationItem>(() => new CalculationProcessor(catalog, () => undefined));
type Partition = ReturnType<typeof partition>;

const configure = (on: Partition, version: number, settings: SettingsInput) =>
  on.append('control', JSON.stringify(documentOf(version, { strategies: [], ...settings })), 0);
const feed = (on: Partition, bars: readonly BarEvent[]) =>
  bars.forEach((bar) => void on.append('bar', JSON.stringify([bar])));
const warm = (on: Partition, bars: readonly BarEvent[], need = 1_000, version = 2) =>
  on.append('warmup', JSON.stringify({ symbol: 'SPY', timeframe: '1m', version, need, bars }), bars.length);
const watch = (...timeframes: Timeframe[]) => [{ symbol: 'SPY', timeframes }];
const eventsOf = (on: Partition, timeframe: Timeframe): CalculationEvent[] =>
  on.events<CalculationEvent>().filter((event) => event.timeframe === timeframe);
const pastsOf = (on: Partition): WarmupEvents[] =>
  on.outs.flatMap(({ kind, data }) => {
    const parsed = parseWarmupEvents(data);
    return kind === 'warmup' && parsed.ok ? [parsed.value] : [];
  });
const values = (events: readonly CalculationEvent[]) => events.map((event) => event.values);

/** Bars of one minute whose prices wander. */
const bars = (count: number): BarEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const close = 100 + 10 * Math.sin(i / 5) + ((i * 7919) % 13) / 7;
    const bar: Bar = {
      openTime: START + i * MINUTE,
      open: close,
      high: close + 1,
      low: close - 1,
      close,
      volume: i + 1,
    };
    return barEventOf('SPY', bar);
  });

describe('an indicator that is added in mid-stream', () => {
  it('is, behind its past, as if it had always been there, bit for bit; the others do not notice', () => {
    fc.assert(
      fc.property(arbBars({ minLength: 60, maxLength: 70 }), fc.nat(20), (market: Bar[], between) => {
        const all = market.map((bar) => barEventOf('SPY', bar));
        const on = partition();
        configure(on, 1, { indicators: FEW });
        feed(on, all.slice(0, 30));
        configure(on, 2, { indicators: MORE });
        feed(on, all.slice(30, 30 + between));
        warm(on, all.slice(0, 30 + between));
        feed(on, all.slice(30 + between));
        const plan = indicatorPlanOf(documentOf(1, { indicators: MORE, strategies: [] }).settings, catalog);
        const columns = runBatch(plan, market);
        on.save();
        const rows = on.rows('SPY|1m').slice(30 + between);
        expect(rows.map(({ row }) => [...row].slice(6))).toEqual(
          market.map((_, i) => columns.map((column) => column[i])).slice(30 + between),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is shown its past once: a second one, and one that nobody waits for, change nothing', () => {
    const on = partition();
    configure(on, 1, { indicators: MORE });
    feed(on, bars(10));
    on.save();
    const before = on.stored.get('SPY|1m');
    warm(on, bars(10).slice(5), 10, 1); // everything was there from the first bar
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(before);
    configure(on, 2, { indicators: [...(MORE ?? []), { name: 'sma_3' }] });
    warm(on, bars(10));
    on.save();
    const shown = on.stored.get('SPY|1m');
    warm(on, bars(10).slice(2));
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(shown);
    expect([on.letters, pastsOf(on)]).toEqual([[], []]);
  });

  it('and goes again before its past has come, waits for nothing', () => {
    const on = partition();
    configure(on, 1, { indicators: FEW });
    feed(on, bars(10));
    on.save();
    const before = on.stored.get('SPY|1m');
    configure(on, 2, { indicators: MORE });
    configure(on, 3, { indicators: FEW });
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(before);
  });

  it('gives nothing out for its past: no event, no latest value, no history', () => {
    const on = partition();
    configure(on, 1, { indicators: FEW, watchlist: watch('5m') });
    feed(on, bars(12));
    configure(on, 2, { indicators: MORE, watchlist: watch('5m', '15m') });
    on.save();
    const [outs, latest, rows] = [on.outs.length, new Map(on.latest), on.rows('SPY|1m').length];
    warm(on, bars(12));
    on.save();
    expect(on.outs.slice(outs).map(({ kind }) => kind)).toEqual(['warmup']); // of 15m, for strategies
    expect([on.latest, on.rows('SPY|1m').length, on.rows('SPY|15m')]).toEqual([latest, rows, []]);
  });
});

describe('a timeframe that is added in mid-stream', () => {
  it('goes on with the bar that is open, whole, and has the values of all the bars before', () => {
    const [late, early] = [partition(), partition()];
    configure(late, 1, { indicators: MORE, watchlist: watch() });
    configure(early, 1, { indicators: MORE, watchlist: watch('5m') });
    [late, early].forEach((on) => feed(on, bars(200).slice(0, 113)));
    configure(late, 2, { indicators: MORE, watchlist: watch('5m') });
    warm(late, bars(200).slice(0, 113));
    [late, early].forEach((on) => feed(on, bars(200).slice(113)));
    const due = eventsOf(early, '5m').slice(22);
    expect(eventsOf(late, '5m').map(({ receivedAt: _, ...event }) => event)).toEqual(
      due.map(({ receivedAt: _, ...event }) => event),
    );
    expect(due[0]?.values).toMatchObject({ sma_20: expect.any(Number) });
  });

  it('passes over a larger bar of which the past lacks the beginning', () => {
    const on = partition();
    configure(on, 1, { indicators: [{ name: 'sma_2' }], watchlist: watch() });
    feed(on, bars(19));
    configure(on, 2, { indicators: [{ name: 'sma_2' }], watchlist: watch('5m') });
    warm(on, bars(19).slice(3)); // 5m bars at 5 and 10 are whole, that at 15 is open
    feed(on, bars(20).slice(19));
    const closes = [14, 19].map((i) => bars(20)[i]?.close ?? 0) as [number, number];
    expect(values(eventsOf(on, '5m'))).toEqual([{ sma_2: expect.closeTo((closes[0] + closes[1]) / 2, 10) }]);
    expect(pastsOf(on)).toMatchObject([{ timeframe: '5m', whole: true, events: [{}, {}] }]);
  });

  it('stays as it is when the past is too short for it', () => {
    const on = partition();
    configure(on, 1, { indicators: FEW, watchlist: watch() });
    feed(on, bars(19));
    configure(on, 2, { indicators: FEW, watchlist: watch('15m') });
    feed(on, bars(21).slice(19));
    warm(on, bars(21).slice(20));
    feed(on, bars(30).slice(21));
    expect(eventsOf(on, '15m').map(({ open }) => open)).toEqual([bars(20)[19]?.open]); // partial, as it began
  });
});

describe('what strategies are told of the past', () => {
  const strategies = (fast: number): SettingsInput['strategies'] => [
    { name: 'ma_crossover_strategy', parameters: { fast_period: fast, slow_period: 5 } },
  ];
  const averages: SettingsInput['indicators'] = [{ name: 'sma_2' }, { name: 'sma_3' }, { name: 'sma_5' }];

  it('are the newest bars that they need, with values, when one of them is new; of every series', () => {
    const on = partition();
    const settings = { indicators: averages, watchlist: watch('5m') };
    configure(on, 1, { ...settings, strategies: strategies(2) });
    feed(on, bars(30));
    configure(on, 2, { ...settings, strategies: strategies(3) });
    const { token } = warm(on, bars(30), 4);
    const pasts = pastsOf(on);
    expect(pasts.map(({ timeframe, whole, events }) => [timeframe, whole, events.length])).toEqual([
      ['1m', false, 4],
      ['5m', false, 4],
    ]);
    expect(values(pasts[0]?.events ?? [])).toEqual(values(eventsOf(on, '1m').slice(-4)));
    expect(pasts[0]?.events.every(({ receivedAt }) => receivedAt === Math.floor(Number(token) / 1_000))).toBe(true);
  });

  it('is nothing when they were there before', () => {
    const on = partition();
    configure(on, 1, { indicators: averages, strategies: strategies(2) });
    feed(on, bars(30));
    configure(on, 2, { indicators: [...averages, { name: 'rsi_5' }], strategies: strategies(2) });
    warm(on, bars(30));
    expect(pastsOf(on)).toEqual([]);
  });
});

describe('a past that cannot be read', () => {
  it.each([
    ['is no entry of its kind', '{"symbol":"SPY"}', /^warm-up: timeframe/, null],
    ['has a bar without sense', null, /not a valid bar/, 'SPY'],
  ])('is put aside when it %s; what waits for it goes on as it is', (_, text, error, symbol) => {
    const on = partition();
    configure(on, 1, { indicators: FEW });
    feed(on, bars(10));
    configure(on, 2, { indicators: MORE });
    on.save();
    const before = on.stored.get('SPY|1m');
    const nonsense = bars(10).map((bar, i) => (i === 4 ? { ...bar, high: 0 } : bar));
    if (text === null) warm(on, nonsense);
    else on.append('warmup', text);
    on.save();
    expect(on.letters).toMatchObject([{ symbol, error: expect.stringMatching(error) }]);
    expect(on.stored.get('SPY|1m')).toEqual(before);
  });

  it('is nothing to a series that has not begun', () => {
    const on = partition();
    configure(on, 1, { indicators: FEW });
    warm(on, bars(10), 10, 1);
    on.save();
    expect([on.letters, on.stored.get(seriesKey('SPY', '1m'))]).toEqual([[], undefined]);
  });
});
