import type { BarEvent } from '@wagehood/contracts';
import { createMetrics } from '@wagehood/service';
import { until } from '@wagehood/testing';
import { createBackfill } from './backfill';
import { startFeedGroup, type FeedGroup } from './feed-group';
import { createIngestionMetrics } from './ingestion-metrics';
import { createPipeline, type Feed } from './pipeline';
import type { FeedBar, HistoryRange, OnBars, Provider } from './providers/provider';
import { recordingLog } from './testing/recording-log';

const T0 = Date.UTC(2026, 10, 22, 12);
const bar = (second: number): FeedBar => ({
  symbol: 'SPY',
  timeframe: '1s',
  openTime: T0 + second * 1000,
  open: 10,
  high: 10,
  low: 10,
  close: 10,
  volume: 1,
  isFinal: true,
});

interface Script {
  /** The market has closed this many bars when history is asked. */
  closed: number;
  failHistory?: boolean;
  /** One function per connection, in turn; the last one serves all later ones. */
  connections: ((onBars: OnBars, signal: AbortSignal) => Promise<void>)[];
}

/** A market whose past and connections are scripted. */
function scripted(script: Script): Provider & { readonly ranges: HistoryRange[] } {
  const ranges: HistoryRange[] = [];
  let connection = 0;
  return {
    name: 'scripted',
    resumes: false,
    ranges,
    feedTimeframe: async () => '1s',
    async *history(_symbol, _timeframe, range) {
      ranges.push(range);
      if (script.failHistory) throw new Error('503');
      const to = 'bars' in range ? script.closed : (range.to - T0) / 1000;
      const from = 'bars' in range ? to - range.bars : (range.from - T0) / 1000;
      const seconds = Array.from({ length: Math.max(0, Math.ceil(to) - from) }, (_, i) => from + i);
      yield seconds.filter((second) => second < script.closed).map(bar);
    },
    subscribe(_feeds, onBars, signal) {
      const serve = script.connections[Math.min(connection++, script.connections.length - 1)];
      return (serve as (typeof script.connections)[number])(onBars, signal);
    },
  };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

function start(script: Script, stored: number | null = null) {
  const provider = scripted(script);
  const offered: BarEvent[] = [];
  const gaps: [number, number][] = [];
  const lines: string[] = [];
  const log = recordingLog(lines);
  const now = () => T0 + script.closed * 1000;
  const metrics = createIngestionMetrics(createMetrics({ service: 'ingestion', defaults: false }));
  const pipeline = createPipeline({
    producer: { offer: async (bars) => offered.push(...Array.from(bars, (bar) => ({ ...bar }))) },
    corrector: { take: async () => undefined },
    metrics,
    log,
    now,
  });
  const backfill = createBackfill({
    provider,
    pipeline,
    warmUpBars: () => 5,
    mostBars: 100,
    lastTimes: async () => new Map(stored === null ? [] : [['SPY|1s', T0 + stored * 1000]]),
    onBreaker: () => undefined,
    onGap: (_feed, from, to) => void gaps.push([(from - T0) / 1000, (to - T0) / 1000]),
    now,
    log,
  });
  const feed: Feed = { symbol: 'SPY', timeframe: '1s', last: -Infinity, joining: true, heardAt: 0 };
  let reconnects = 0;
  const onReconnect = () => void (reconnects += 1);
  const group = startFeedGroup(new Map([['SPY', feed]]), { provider, pipeline, backfill, onReconnect, log });
  groups.push(group);
  const seconds = () => offered.map(({ timestamp }) => (timestamp - T0) / 1000);
  return { group, offered, gaps, lines, seconds, provider, reconnects: () => reconnects };
}

let groups: FeedGroup[] = [];
afterEach(async () => {
  await Promise.all(groups.map((group) => group.stop()));
  groups = [];
});

describe('a feed group', () => {
  it('fills what lies between the end of history and the first live bar, and drops what they share', async () => {
    const script: Script = {
      closed: 10,
      connections: [
        async (onBars, signal) => {
          script.closed = 14; // time has passed since history was asked
          await onBars([bar(9)]);
          await onBars([bar(13)]);
          await onBars([bar(14)]);
          await untilAborted(signal);
        },
      ],
    };
    const { offered, seconds } = start(script);
    await until(() => seconds().includes(14));
    expect(seconds()).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(offered.filter(({ backfilled }) => !backfilled)).toHaveLength(2);
  });

  it('asks only for what has happened since the last stored bar', async () => {
    const { seconds, provider } = start({ closed: 10, connections: [(_, signal) => untilAborted(signal)] }, 6);
    await until(() => seconds().length === 3);
    expect(seconds()).toEqual([7, 8, 9]);
    expect(provider.ranges).toEqual([{ from: T0 + 7_000, to: T0 + 10_000 }]);
  });

  it('reports the gap of an absence that is too long, and warms up anew', async () => {
    const { gaps, provider } = start({ closed: 500, connections: [(_, signal) => untilAborted(signal)] }, 6);
    await until(() => provider.ranges.length === 1);
    expect(gaps).toEqual([[7, 500]]);
    expect(provider.ranges).toEqual([{ bars: 100 }]);
  });

  it('connects again when the provider is lost, and brings what it has missed', async () => {
    const script: Script = {
      closed: 10,
      connections: [
        async (onBars) => {
          await onBars([bar(10)]);
          script.closed = 13;
          throw new Error('connection reset');
        },
        async (onBars, signal) => {
          await onBars([bar(13)]);
          await untilAborted(signal);
        },
      ],
    };
    const { group, seconds, reconnects, lines } = start(script);
    await until(() => seconds().includes(13));
    expect(seconds()).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(reconnects()).toBe(1);
    expect(lines).toContain('provider lost; connecting again');
    expect(group).toMatchObject({ state: 'live', problem: null });
  });

  it('goes live without history rather than not at all', async () => {
    const serve = async (onBars: OnBars, signal: AbortSignal) => {
      await onBars([bar(10)]);
      await untilAborted(signal);
    };
    const { seconds, lines } = start({ closed: 10, failHistory: true, connections: [serve] });
    await until(() => seconds().includes(10));
    expect(lines).toContain('no history: indicators warm up on live bars');
  });

  it('says that the data has ended and stays', async () => {
    const { group, lines } = start({ closed: 10, connections: [async () => undefined] });
    await until(() => group.state === 'ended');
    expect(lines).toContain('end of data: the provider has no more bars; staying up');
  });

  it('hands over nothing once it was stopped', async () => {
    let late: OnBars = async () => undefined;
    const serve = (onBars: OnBars, signal: AbortSignal) => {
      late = onBars;
      return untilAborted(signal);
    };
    const { group, seconds } = start({ closed: 10, connections: [serve] });
    await until(() => group.state === 'live');
    await group.stop();
    await late([bar(10)]);
    expect(seconds()).not.toContain(10);
  });
});
