import type { SettingsInput } from '@wagehood/config';
import {
  parseCorrectionEvents,
  readBatch,
  type BarEvent,
  type CalculationEvent,
  type CorrectionEvents,
} from '@wagehood/contracts';
import { builtinIndicators, createCatalog } from '@wagehood/indicators';
import type { Bar, Timeframe } from '@wagehood/market';
import { MemoryPartition } from '@wagehood/streams/testing';
import { arbBars } from '@wagehood/testing';
import fc from 'fast-check';
import { CalculationProcessor, type CalculationItem } from './calculation-processor';
import { barEventOf, documentOf, quickIndicators } from './testing/documents';

const catalog = createCatalog(builtinIndicators);
const TIMEFRAMES: readonly Timeframe[] = ['1m', '5m', '15m'];
const SETTINGS: SettingsInput = {
  indicators: quickIndicators,
  strategies: [],
  watchlist: [{ symbol: 'SPY', timeframes: ['5m', '15m'] }],
};
const ALL = 1_000_000;

const partition = () => {
  const on = new MemoryPartition<CalculationItem>(() => new CalculationProcessor(catalog, () => undefined));
  on.append('control', JSON.stringify(documentOf(1, SETTINGS)), 0);
  return on;
};
type Partition = ReturnType<typeof partition>;

const feed = (on: Partition, bars: readonly BarEvent[]) =>
  bars.forEach((bar) => void on.append('bar', JSON.stringify([bar])));
/** `bars` up to where the series stands, those with a revision corrected. */
const correct = (on: Partition, bars: readonly BarEvent[], corrected: readonly BarEvent[], need = ALL) => {
  const revisions = corrected.map(({ timestamp, revision }) => ({ timestamp, revision }));
  const entry = { symbol: 'SPY', timeframe: '1m', need, revisions, bars };
  return on.append('correction', JSON.stringify(entry), bars.length);
};
const corrections = (on: Partition): CorrectionEvents[] =>
  on.outs.flatMap(({ kind, data }) => {
    const parsed = parseCorrectionEvents(data);
    return kind === 'correction' && parsed.ok ? [parsed.value] : [];
  });

/** An event without what only its own entry could tell. */
const plain = ({ receivedAt: _, revision: __, ...event }: CalculationEvent): Omit<CalculationEvent, 'receivedAt' | 'revision'> => event; // prettier-ignore

/** What a reader of the output makes of it: of each bar what was said last. */
function shown(on: Partition, timeframe: Timeframe): Omit<CalculationEvent, 'receivedAt' | 'revision'>[] {
  const events = new Map<number, CalculationEvent>();
  for (const { kind, data } of on.outs) {
    if (kind !== 'bar' && kind !== 'out' && kind !== 'correction') continue;
    const corrected = kind === 'correction' ? (JSON.parse(data) as CorrectionEvents) : null;
    const news =
      corrected?.events.filter(({ timestamp }) => timestamp >= corrected.from) ??
      (readBatch(data) as CalculationEvent[]);
    for (const event of news) if (event.timeframe === timeframe) events.set(event.timestamp, event);
  }
  return [...events.values()].sort((a, b) => a.timestamp - b.timestamp).map(plain);
}

/** Rows of history as a reader sees them: what was written again stands for what was there. */
function history(on: Partition, timeframe: Timeframe): number[][] {
  const rows = new Map<number, number[]>();
  for (const { row } of on.rows(`SPY|${timeframe}`)) {
    for (const time of [...rows.keys()]) if (time >= (row[0] ?? 0)) rows.delete(time);
    rows.set(row[0] ?? 0, [...row]);
  }
  return [...rows.values()];
}

const latest = (on: Partition, timeframe: Timeframe): unknown => {
  return plain(JSON.parse(on.latest.get(`SPY|${timeframe}`) ?? '{}') as CalculationEvent);
};

const changed = (bar: BarEvent, share: number, revision: number): BarEvent => {
  const close = bar.low + (bar.high - bar.low) * share;
  return { ...bar, close, price: close, volume: bar.volume + 1 + revision, revision };
};

/** What happens to a market: bars, corrections of some that have come, deaths and saves in between. */
interface Course {
  readonly market: Bar[];
  readonly steps: readonly { readonly bars: number; readonly back: number; readonly share: number; readonly fault: 'none' | 'save' | 'die' }[]; // prettier-ignore
}
const course: fc.Arbitrary<Course> = fc.record({
  market: arbBars({ minLength: 40, maxLength: 90 }),
  steps: fc.array(
    fc.record({
      bars: fc.integer({ min: 1, max: 12 }),
      back: fc.nat(20),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      fault: fc.constantFrom('none' as const, 'save' as const, 'die' as const),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

describe('a corrected series', () => {
  it('is from there on what it would have been of the corrected bars alone, bit for bit, whatever dies', () => {
    fc.assert(
      fc.property(course, ({ market, steps }) => {
        const bars = market.map((bar) => barEventOf('SPY', bar));
        const on = partition();
        let done = 0;
        for (const [i, { bars: more, back, share, fault }] of steps.entries()) {
          feed(on, bars.slice(done, done + more));
          done = Math.min(bars.length, done + more);
          const at = Math.max(0, done - 1 - back);
          const bar = changed(bars[at] as BarEvent, share, i + 1);
          bars[at] = bar;
          correct(on, bars.slice(0, done), [bar]);
          if (fault === 'save') on.save(1);
          if (fault === 'die') on.restart();
        }
        const early = partition();
        feed(early, bars.slice(0, done));
        for (const one of [on, early]) {
          one.save();
          one.restart();
          feed(one, bars.slice(done));
          one.save();
        }
        expect(on.letters).toEqual([]);
        expect(on.stored.get('SPY|1m')).toEqual(early.stored.get('SPY|1m'));
        for (const timeframe of TIMEFRAMES) {
          expect(shown(on, timeframe)).toEqual(shown(early, timeframe));
          expect(history(on, timeframe)).toEqual(history(early, timeframe));
          expect(latest(on, timeframe)).toEqual(latest(early, timeframe));
        }
      }),
      { numRuns: 30 },
    );
  });
});

const START = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const minutes = (count: number): BarEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const close = 100 + 10 * Math.sin(i / 5);
    const prices = { open: close, high: close + 1, low: close - 1, close, volume: i + 1 };
    return barEventOf('SPY', { openTime: START + i * MINUTE, ...prices });
  });
const withRevision = (bars: readonly BarEvent[], at: number, revision = 1) => {
  const bar = changed(bars[at] as BarEvent, 0.9, revision);
  return { bar, bars: bars.with(at, bar) };
};

describe('what a correction says', () => {
  it('is each changed bar with its values, the corrected one with its revision, and no more past than strategies need', () => {
    const on = partition();
    feed(on, minutes(33));
    const { bar, bars } = withRevision(minutes(33), 27, 3);
    const { token } = correct(on, bars, [bar], 2);
    const said = corrections(on);
    const opens = (n: number, of: number) => START + n * of * MINUTE;
    expect(said.map(({ timeframe, from, events }) => [timeframe, from, events.map(({ timestamp }) => timestamp)])).toEqual([
      ['1m', opens(27, 1), [25, 26, 27, 28, 29, 30, 31, 32].map((n) => opens(n, 1))],
      ['5m', opens(5, 5), [3, 4, 5].map((n) => opens(n, 5))],
      ['15m', opens(1, 15), [0, 1].map((n) => opens(n, 15))],
    ]); // prettier-ignore
    const revised = said.flatMap(({ events }) => events.filter(({ revision }) => revision !== undefined));
    expect(revised.map(({ timeframe, timestamp, revision }) => [timeframe, timestamp, revision])).toEqual([
      ['1m', opens(27, 1), 3],
      ['5m', opens(5, 5), 3],
      ['15m', opens(1, 15), 3],
    ]);
    const at = Math.floor(Number(token) / 1_000);
    expect(said.every(({ events }) => events.every((event) => event.receivedAt === at && !event.backfilled))).toBe(
      true,
    );
  });

  it('of a larger bar that is still open is nothing; it ends as the corrected one', () => {
    const [late, early] = [partition(), partition()];
    const { bar, bars } = withRevision(minutes(40), 32);
    feed(late, minutes(34));
    correct(late, bars.slice(0, 34), [bar]);
    feed(late, bars.slice(34));
    feed(early, bars);
    expect(corrections(late).map(({ timeframe }) => timeframe)).toEqual(['1m']);
    expect(shown(late, '5m')).toEqual(shown(early, '5m'));
  });
});

describe('a past that is too short', () => {
  it('leaves everything as it is, and is reported', () => {
    const on = partition();
    feed(on, minutes(30));
    on.save();
    const before = on.stored.get('SPY|1m');
    const { bar, bars } = withRevision(minutes(30), 20);
    correct(on, bars.slice(15), [bar], 10);
    on.save();
    expect(on.stored.get('SPY|1m')).toEqual(before);
    expect(corrections(on)).toEqual([]);
    expect(on.letters).toMatchObject([
      { symbol: 'SPY', timeframe: '1m', error: expect.stringContaining('5 bars before it, expected 10') },
    ]);
  });

  it('for a larger timeframe leaves that one as it is, but for the bar that is open there', () => {
    const [late, early, untouched] = [partition(), partition(), partition()];
    const { bar, bars } = withRevision(minutes(60), 27);
    feed(late, minutes(31));
    correct(late, bars.slice(15, 31), [bar], 2); // two of 5m before its own, none of 15m
    feed(late, bars.slice(31));
    feed(early, bars);
    feed(untouched, minutes(60));
    expect(late.letters).toMatchObject([{ timeframe: '15m', error: expect.stringContaining('too short for 15m') }]);
    expect(shown(late, '15m')).toEqual(shown(untouched, '15m'));
    expect(shown(late, '5m').map(({ close, volume }) => [close, volume])).toEqual(
      shown(early, '5m').map(({ close, volume }) => [close, volume]),
    );
  });

  it('is none when it is as old as the series', () => {
    const on = partition();
    feed(on, minutes(12));
    const { bar, bars } = withRevision(minutes(12), 1);
    correct(on, bars, [bar], 10);
    expect([on.letters.length, corrections(on).length]).toEqual([0, 2]);
  });
});

describe('a correction that means nothing', () => {
  it.each([
    ['is no entry of its kind', '{"symbol":"SPY"}', /^correction: timeframe/],
    ['has a bar without sense', null, /not a valid bar/],
  ])('is put aside when it %s', (_, text, error) => {
    const on = partition();
    feed(on, minutes(10));
    on.save();
    const before = on.stored.get('SPY|1m');
    const { bar, bars } = withRevision(minutes(10), 5);
    if (text === null) correct(on, bars.with(3, { ...bar, high: 0 }), [bar]);
    else on.append('correction', text);
    on.save();
    expect(on.letters).toMatchObject([{ error: expect.stringMatching(error) }]);
    expect(on.stored.get('SPY|1m')).toEqual(before);
  });

  it('is put aside when its series has not begun', () => {
    const on = partition();
    const { bar, bars } = withRevision(minutes(10), 5);
    correct(on, bars, [bar]);
    expect(on.letters).toMatchObject([{ symbol: 'SPY', error: 'correction of a series that has not begun' }]);
  });
});
