import {
  connectRedis,
  partitionOf,
  partitionTag,
  silentLog,
  stageKey,
  streamKey,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { streamEvent } from '@wagehood/contracts';
import { runApi, type RunningApi } from './testing/run-api';
import { sampleAlert, sampleEvent, sampleSignal } from './testing/samples';
import { createSeed, type Seed } from './testing/seed';
import { readSse } from './testing/sse-reader';

const PARTITIONS = 4;

describe('GET /stream', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let api: RunningApi;
  let seed: Seed;
  let at = 0;

  /** Appends one entry with the next bars of these symbols; closes count up over all bars ever appended. */
  const appendBars = async (...symbols: string[]): Promise<void> => {
    const events = symbols.map((symbol) => {
      at++;
      return sampleEvent({ symbol, timestamp: at * 60_000, close: at, price: at });
    });
    await seed.append('calculation_events_stream', symbols[0] ?? '', 'bar', events);
  };
  const stream = (query: string, lastEventId?: string) => readSse(`${api.base}/stream${query}`, lastEventId);

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    seed = createSeed(link.commands, PARTITIONS);
    api = await runApi(redis.url);
  });

  afterAll(async () => {
    await api.stop();
    await link.close();
    await redis.stop();
  });

  it('pushes prices, indicators, signals and alerts', async () => {
    const reader = await stream('');
    await until(() => reader.lastId() !== '');
    await appendBars('SPY');
    const signal = sampleSignal();
    await seed.append('signal_stream', 'SPY', 'signal', [signal]);
    await seed.append('alert_stream', 'SPY', 'alert', [sampleAlert(signal)]);
    await until(() => reader.messages.length === 4);
    for (const message of reader.messages) {
      streamEvent.parse(message.data);
      expect(message.event).toBe(message.data.type);
    }
    expect(reader.messages.map(({ event }) => event).sort()).toEqual(['alert', 'indicator', 'price', 'signal']);
    reader.cut();
  });

  it('pushes a bar that is still forming as a price that is not final, without values', async () => {
    const reader = await stream('?symbols=SPY');
    await until(() => reader.lastId() !== '');
    const forming = sampleEvent({ close: 5, isFinal: false, values: {} });
    await seed.append('calculation_events_stream', 'SPY', 'bar', [forming, sampleEvent({ close: 6 })]);
    await until(() => reader.messages.length === 3);
    const said = reader.messages.map(({ event, data: { data } }) => [event, data['isFinal'], data['close']]);
    expect(said).toEqual([
      ['price', false, 5],
      ['price', true, 6],
      ['indicator', undefined, undefined],
    ]);
    reader.cut();
  });

  it('filters by symbol, channel, timeframe, and leaves history out unless it is wanted', async () => {
    const narrow = await stream('?symbols=QQQ&channels=price&timeframes=1m');
    const wide = await stream('?channels=price,indicator&backfilled=true');
    await until(() => narrow.lastId() !== '' && wide.lastId() !== '');
    await seed.append('calculation_events_stream', 'QQQ', 'bar', [
      sampleEvent({ symbol: 'QQQ', backfilled: true }),
      sampleEvent({ symbol: 'QQQ', timeframe: '5m' }),
      sampleEvent({ symbol: 'QQQ', close: 7 }),
    ]);
    await appendBars('IWM');
    await until(() => wide.messages.length === 8);
    expect(narrow.messages.map(({ data }) => data.data['close'])).toEqual([7]);
    narrow.cut();
    wide.cut();
  });

  it('resumes at any event without loss or duplicate', async () => {
    const before = at;
    const seen: number[] = [];
    let lastId: string | undefined;
    for (let round = 0; round < 30; round++) {
      const reader = await stream('?channels=price', lastId);
      await until(() => reader.lastId() !== '');
      for (let i = 0; i < 3; i++) await appendBars('SPY', 'SPY', 'SPY');
      await appendBars('QQQ', 'QQQ');
      const enough = round === 29 ? 330 - seen.length : 1 + ((round * 7) % 13);
      await until(() => reader.messages.length >= enough);
      // What came after the point of the cut was read by nobody.
      const read = reader.messages.slice(0, enough);
      reader.cut();
      seen.push(...read.map(({ data }) => data.data['close'] as number));
      lastId = read.at(-1)?.id;
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 330 }, (_, i) => before + 1 + i));
    const bySymbol = seen.filter((close, i) => seen.indexOf(close) === i);
    expect(bySymbol).toHaveLength(seen.length);
  });

  it('takes the id from the query as well', async () => {
    const first = await stream('?symbols=IWM&channels=price');
    await until(() => first.lastId() !== '');
    first.cut();
    await appendBars('IWM');
    const second = await stream(`?symbols=IWM&channels=price&last_event_id=${first.lastId()}`);
    await until(() => second.messages.length === 1);
    second.cut();
  });

  it('conflates what a slow client cannot take, and keeps every signal', async () => {
    const reader = await stream('?symbols=SPY&channels=price,signal');
    await until(() => reader.lastId() !== '');
    reader.pause();
    const filler = 'x'.repeat(20_000);
    for (let i = 0; i < 400; i++) {
      await seed.append('calculation_events_stream', 'SPY', 'bar', [
        sampleEvent({ source: filler, close: 1_000_000 + i, price: 1_000_000 + i }),
      ]);
      if (i % 40 === 0) await seed.append('signal_stream', 'SPY', 'signal', [sampleSignal({ id: `slow-${i}` })]);
    }
    // The stream has been read to its end when another client has seen the last bar.
    const other = await stream('?symbols=SPY&channels=price');
    await until(() => other.lastId() !== '');
    await appendBars('SPY');
    await until(() => other.messages.length === 1);
    other.cut();
    reader.resume();
    await until(() => reader.messages.some(({ data }) => data.data['close'] === at));
    const closes = reader.messages.filter(({ event }) => event === 'price').map(({ data }) => data.data['close']);
    expect(closes.length).toBeLessThan(400);
    expect(closes.at(-1)).toBe(at);
    const signals = reader.messages.filter(({ event }) => event === 'signal').map(({ data }) => data.data['id']);
    expect(signals).toEqual(Array.from({ length: 10 }, (_, i) => `slow-${i * 40}`));
    reader.cut();
  });

  it('says what was trimmed away before the client came back', async () => {
    const first = await stream('?symbols=IWM&channels=price');
    await until(() => first.lastId() !== '');
    first.cut();
    const key = streamKey('calculation_events_stream', partitionTag(partitionOf('IWM', PARTITIONS), PARTITIONS));
    await appendBars('IWM');
    await appendBars('IWM');
    await link.commands.xtrim(key, 'MAXLEN', 1);
    const second = await stream('?symbols=IWM&channels=price', first.lastId());
    await until(() => second.messages.length === 2);
    expect(second.messages.map(({ event }) => event)).toEqual(['gap', 'price']);
    expect(second.messages[0]?.data.data).toMatchObject({ trimmed: 1 });
    second.cut();
  });

  it('goes on when a log was lost and begins anew', async () => {
    const reader = await stream('?symbols=IWM&channels=price');
    await until(() => reader.lastId() !== '');
    const tag = partitionTag(partitionOf('IWM', PARTITIONS), PARTITIONS);
    await link.commands.del(streamKey('calculation_events_stream', tag), stageKey('calculation', tag));
    const late = await stream('?symbols=IWM&channels=price', reader.lastId());
    await until(() => late.messages.length === 1 && reader.messages.length === 1, { timeoutMs: 8_000 });
    await appendBars('IWM');
    await until(() => late.messages.length === 2 && reader.messages.length === 2);
    expect(late.messages.map(({ event }) => event)).toEqual(['gap', 'price']);
    expect(reader.messages.map(({ event }) => event)).toEqual(['gap', 'price']);
    late.cut();
    reader.cut();
  }, 15_000);

  it('stops reading when the last client has left', async () => {
    const clients = async () => {
      const stats = (await (await fetch(`${api.base}/stats`)).json()) as { stream: { clients: number } };
      return stats.stream.clients;
    };
    const reader = await stream('');
    await until(async () => (await clients()) > 0);
    reader.cut();
    await until(async () => (await clients()) === 0);
  });

  it('refuses more clients than it may have', async () => {
    const small = await runApi(redis.url, { environment: { API_MAX_STREAMS: '1' } });
    const first = await readSse(`${small.base}/stream`);
    await until(() => first.lastId() !== '');
    const second = await readSse(`${small.base}/stream`);
    expect(second.status).toBe(503);
    await small.stop();
    await first.ended;
  });

  it('ends cleanly when the api drains, and goes on at the next one', async () => {
    const other = await runApi(redis.url);
    const reader = await readSse(`${other.base}/stream?channels=price`);
    await until(() => reader.lastId() !== '');
    const started = performance.now();
    await other.stop();
    await reader.ended;
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(reader.comments.at(-1)).toContain('shutting down');
    await appendBars('SPY');
    const next = await stream('?channels=price', reader.lastId());
    await until(() => next.messages.length === 1);
    expect(next.messages[0]?.data.data['close']).toBe(at);
    next.cut();
  });
});
