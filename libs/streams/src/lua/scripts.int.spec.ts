import type { SeriesKey } from '@wagehood/market';
import { startRedis, type TestRedis } from '@wagehood/testing';
import {
  lastKey,
  membersKey,
  partitionsKey,
  stageKey,
  stateKey,
  streamKey,
  tokensKey,
  type StreamName,
} from '../layout/keys';
import { claimPartitions } from '../layout/claim-partitions';
import { silentLog } from '../log';
import {
  acquire,
  append,
  appendPast,
  commit,
  heartbeat,
  leave,
  probe,
  release,
  resync,
  writeControl,
  type CommitReply,
} from '../protocol/scripts';
import { Runs, runName } from '../producer/runs';
import { connectRedis, type RedisLink } from '../redis/connect';
import { parseEntry } from '../stage/log-entry';
import { commitCall, type CommitParts } from '../stage/commit-call';

const TAG = 't';
const NONE = Number.NEGATIVE_INFINITY;
const IN = streamKey('market_data_stream', TAG);
const OUT = streamKey('calculation_events_stream', TAG);
const STAGE = stageKey('calculation', TAG);
const READER = stageKey('strategy', TAG);
const ACQUIRE_KEYS = [STAGE, IN, lastKey(TAG), OUT, stateKey('calculation', TAG)];

describe('the scripts, each against the race that it exists for', () => {
  let redis: TestRedis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'scripts', log: silentLog });
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(() => link.commands.flushall());

  /** Runs of one bar each: series, time of the bar before, time. */
  const appendBars = (triples: (string | number)[], limit = 1_000, kind = 'bar', perSeries = 0) => {
    const runs = new Runs();
    for (let i = 0; i < triples.length; i += 3) {
      const [series, previous, time] = triples.slice(i, i + 3) as [SeriesKey, number, number];
      runs.begin({ key: series, name: runName(series) }, previous, time);
    }
    return append.run(
      link.commands,
      [IN, lastKey(TAG), tokensKey('market_data_stream', TAG), STAGE],
      [limit, kind, '[]', triples.length / 3, runs.encode(), 0, perSeries],
    );
  };
  const take = (me: string, epoch: number, version = 1, beginAnywhere = 0) =>
    acquire.run(link.commands, ACQUIRE_KEYS, [me, epoch, 'g', version, '#', beginAnywhere]);
  const tokenOf = async (offset: number): Promise<string> => {
    const [entry] = await link.commands.xrange(IN, `${offset}-0`, `${offset}-0`);
    return entry?.[1][5] ?? '';
  };
  const parts = async (over: Partial<CommitParts>): Promise<CommitParts> => ({
    epoch: 1,
    me: 'me',
    seq: 1,
    prev: 0,
    last: 1,
    token: await tokenOf(over.last ?? 1),
    origin: await tokenOf((over.prev ?? 0) + 1),
    offBars: 1,
    snap: { offset: 0, bars: 0 },
    trimBefore: 0,
    outFrom: 0,
    outs: [],
    latest: [],
    states: [],
    hidden: [],
    letters: [],
    history: { chunks: [], index: [], dropped: [] },
    lists: new Map(),
    ...over,
  });
  const commitParts = async (over: Partial<CommitParts> = {}, readers: 'strategy'[] = []): Promise<CommitReply> => {
    const target = {
      stage: 'calculation',
      tag: TAG,
      group: 'g',
      readers,
      outLimitBars: 10,
      outKeepEntries: 0,
    } as const;
    const { keys, args } = commitCall(target, await parts(over));
    return commit.run(link.commands, keys, args);
  };

  describe('append', () => {
    it('numbers entries densely from 1 and counts bars', async () => {
      expect(await appendBars(['SPY|1s', NONE, 1, 'SPY|1s', 1, 2])).toMatchObject({ status: 'OK', offset: 1 });
      expect(await appendBars(['SPY|1s', 2, 3])).toMatchObject({ status: 'OK', offset: 2 });
      const ids = (await link.commands.xrange(IN, '-', '+')).map(([id, fields]) => [id, fields.at(-1)]);
      expect(ids).toEqual([['1-0', '2'], ['2-0', '3']]); // prettier-ignore
    });

    it('answers an automatic re-send with OLD and writes nothing', async () => {
      await appendBars(['SPY|1s', NONE, 5]);
      expect(await appendBars(['SPY|1s', NONE, 5])).toEqual({
        status: 'REJECTED',
        refusals: [{ index: 0, verdict: 'OLD', last: 5 }],
      });
      expect(await link.commands.xlen(IN)).toBe(1);
    });

    it('is all or nothing: one offender keeps the whole batch out', async () => {
      await appendBars(['SPY|1s', NONE, 5]);
      const reply = await appendBars(['QQQ|1s', NONE, 5, 'SPY|1s', 5, 4, 'SPY|1s', 7, 8]);
      expect(reply).toEqual({
        status: 'REJECTED',
        refusals: [
          { index: 1, verdict: 'OLD', last: 5 },
          { index: 2, verdict: 'HOLE', last: 5 },
        ],
      });
      expect(await link.commands.hget(lastKey(TAG), 'QQQ|1s')).toBeNull();
    });

    it('checks a bar against the one before it in the same batch', async () => {
      expect(await appendBars(['SPY|1s', NONE, 1, 'SPY|1s', 1, 1])).toMatchObject({
        status: 'REJECTED',
        refusals: [{ index: 1, verdict: 'OLD' }],
      });
    });

    it('refuses a hole: bars that the producer has sent and Redis has lost', async () => {
      expect(await appendBars(['SPY|1s', 4, 5])).toEqual({
        status: 'REJECTED',
        refusals: [{ index: 0, verdict: 'HOLE', last: -1 }],
      });
    });

    it('holds back when the reader is too far behind, counted in bars', async () => {
      await appendBars(['A|1s', NONE, 1, 'B|1s', NONE, 1], 1);
      expect(await appendBars(['A|1s', 1, 2], 1)).toEqual({ status: 'BACKPRESSURE', aheadBars: 2 });
      await link.commands.hset(STAGE, 'snapBars', 2);
      expect(await appendBars(['A|1s', 1, 2], 1)).toMatchObject({ status: 'OK' });
    });

    it('lets a log of many series run further ahead: so many bars of each', async () => {
      await appendBars(['A|1s', NONE, 1, 'B|1s', NONE, 1]); // beside them the hash holds the tail, its bars, and what it is about
      for (const time of [2, 3, 4, 5]) await appendBars(['A|1s', time - 1, time, 'B|1s', time - 1, time]);
      expect(await appendBars(['A|1s', 5, 6], 1, 'bar', 1)).toEqual({ status: 'BACKPRESSURE', aheadBars: 10 });
      expect(await appendBars(['A|1s', 5, 6], 1, 'bar', 2)).toMatchObject({ status: 'OK' });
      expect(await appendBars(['A|1s', 6, 7], 1, 'bar', 2)).toEqual({ status: 'BACKPRESSURE', aheadBars: 11 });
    });

    it('keeps the last times where Redis finds each of them at once, however few there are', async () => {
      await appendBars(['A|1s', NONE, 1]);
      expect(await link.commands.call('object', 'encoding', lastKey(TAG))).toBe('hashtable');
    });
  });

  describe('append a past', () => {
    const KEYS = [IN, lastKey(TAG), tokensKey('market_data_stream', TAG), STAGE];
    const control = (version: number) =>
      append.run(link.commands, KEYS, [
        1_000,
        'control',
        '{}',
        0,
        Runs.of('#control', { previous: NONE, first: version, last: version }).encode(),
      ]);
    const past = (
      version: number,
      carried: (string | number)[],
      { limit = 1_000, perSeries = 0, data = 'past', bars = 3 } = {},
    ) => appendPast.run(link.commands, KEYS, [limit, version, data, bars, JSON.stringify(carried), '[]', 4, perSeries]);
    const fields = async () => {
      const { '#about': about, ...rest } = await link.commands.hgetall(lastKey(TAG));
      expect(about).toContain('series');
      return rest;
    };

    it('lets it in where the series stands, counts its bars and leaves `last` as it is', async () => {
      await appendBars(['SPY|1s', NONE, 7]);
      await control(4);
      expect(await past(4, ['SPY|1s', 7])).toMatchObject({ status: 'OK', offset: 3, token: await tokenOf(3) });
      expect(await fields()).toMatchObject({ '#': '3', '#bars': '4', 'SPY|1s': '7', '#warm|SPY|1s': '4' });
      const [entry] = await link.commands.xrange(IN, '3-0', '3-0');
      expect(parseEntry(entry as never)).toMatchObject({ kind: 'warmup', data: 'past', bars: 4 });
      expect(await link.commands.lrange(KEYS[2] as string, -1, -1)).toEqual([await tokenOf(3)]);
    });

    it('refuses one that ends elsewhere: a bar would be skipped, or count twice', async () => {
      await appendBars(['SPY|1s', NONE, 7, 'QQQ|1s', NONE, 9]);
      await control(1);
      expect(await past(1, ['IWM|1s', 7])).toEqual({ status: 'MOVED', last: -1 });
      expect(await past(1, ['SPY|1s', 6])).toEqual({ status: 'MOVED', last: 7 });
      expect(await past(1, ['SPY|1s', 8])).toEqual({ status: 'MOVED', last: 7 });
      expect(await past(1, ['SPY|1s', 7, 'QQQ|1s', 8])).toEqual({ status: 'MOVED', last: 9 });
      expect(await fields()).toEqual({ '#': '2', '#bars': '2', '#control': '1', 'SPY|1s': '7', 'QQQ|1s': '9' });
    });

    it('refuses one for a configuration that is not in force: another may have come between, or a failover took it', async () => {
      await appendBars(['SPY|1s', NONE, 7]);
      expect(await past(1, ['SPY|1s', 7])).toEqual({ status: 'STALE', version: 0 });
      await control(1);
      await control(2);
      expect(await past(1, ['SPY|1s', 7])).toEqual({ status: 'STALE', version: 2 });
      expect(await past(3, ['SPY|1s', 7])).toEqual({ status: 'STALE', version: 2 });
    });

    it('takes it once under each configuration: an automatic re-send is a duplicate', async () => {
      await appendBars(['SPY|1s', NONE, 7]);
      await control(1);
      expect(await past(1, ['SPY|1s', 7])).toMatchObject({ status: 'OK', offset: 3 });
      expect(await past(1, ['SPY|1s', 7])).toEqual({ status: 'DUP' });
      await control(2);
      expect(await past(2, ['SPY|1s', 7])).toMatchObject({ status: 'OK', offset: 5 });
    });

    it('is not needed by a series that begins: it sees what is configured from its first bar on', async () => {
      await control(3);
      await appendBars(['SPY|1s', NONE, 7, 'SPY|1s', 7, 8]);
      expect(await fields()).toMatchObject({ 'SPY|1s': '8', '#warm|SPY|1s': '3' });
      expect(await past(3, ['SPY|1s', 8])).toEqual({ status: 'DUP' });
      await control(4);
      await appendBars(['SPY|1s', 8, 9]);
      expect(await fields()).toMatchObject({ 'SPY|1s': '9', '#warm|SPY|1s': '3' });
      expect(await past(4, ['SPY|1s', 9])).toMatchObject({ status: 'OK' });
    });

    it('carries several series, all of them or none', async () => {
      await appendBars(['SPY|1s', NONE, 7, 'QQQ|1s', NONE, 9]);
      await control(1);
      expect(await past(1, ['SPY|1s', 7, 'QQQ|1s', 9])).toMatchObject({ status: 'OK' });
      expect(await past(1, ['QQQ|1s', 9])).toEqual({ status: 'DUP' });
    });

    it('holds back when the reader is too far behind', async () => {
      await appendBars(['SPY|1s', NONE, 7, 'QQQ|1s', NONE, 9]);
      await control(1);
      expect(await past(1, ['SPY|1s', 7], { limit: 1 })).toEqual({ status: 'BACKPRESSURE', aheadBars: 2 });
      expect(await past(1, ['SPY|1s', 7], { limit: 1, perSeries: 1 })).toMatchObject({ status: 'OK' });
      await link.commands.hset(STAGE, 'snapBars', 5);
      expect(await past(1, ['QQQ|1s', 9], { limit: 1 })).toMatchObject({ status: 'OK' });
    });

    it('notes series as warm without an entry, under the configuration in force alone', async () => {
      await control(1);
      const nothing = { data: '', bars: 0, limit: -1 };
      expect(await past(2, ['SPY|1s', -1], nothing)).toEqual({ status: 'STALE', version: 1 });
      expect(await past(1, ['SPY|1s', -1, 'QQQ|1s', -1], nothing)).toEqual({ status: 'OK', offset: 0, token: '' });
      expect(await fields()).toMatchObject({ '#': '1', '#warm|SPY|1s': '1', '#warm|QQQ|1s': '1' });
      expect(await link.commands.xlen(IN)).toBe(1);
    });

    describe('with corrections', () => {
      const correct = (end: number, revised: number[], { limit = 1_000, kept = 4 } = {}) =>
        appendPast.run(link.commands, KEYS, [
          ...[limit, '', 'corrected', 3, JSON.stringify(['SPY|1s', end]), JSON.stringify(revised), kept],
        ]);
      const known = async () => JSON.parse((await fields())['#rev|SPY|1s'] ?? '[]') as number[];
      const DAY = 1_767_571_200_000; // times are as long as they are
      beforeEach(() => appendBars(['SPY|1s', NONE, DAY + 7]));

      it('lets a revision in where the series stands, once; a newer one again, an older one never', async () => {
        expect(await correct(DAY + 7, [DAY + 5, 1])).toMatchObject({
          status: 'OK',
          offset: 2,
          token: await tokenOf(2),
        });
        expect(await correct(DAY + 7, [DAY + 5, 1])).toEqual({ status: 'DUP' });
        expect(await correct(DAY + 7, [DAY + 5, 3])).toMatchObject({ status: 'OK', offset: 3 });
        expect(await correct(DAY + 7, [DAY + 5, 2])).toEqual({ status: 'DUP' });
        expect(await fields()).toMatchObject({ '#': '3', '#bars': '7', 'SPY|1s': `${DAY + 7}` });
        expect(await known()).toEqual([DAY + 5, 3]);
        const [entry] = await link.commands.xrange(IN, '2-0', '2-0');
        expect(parseEntry(entry as never)).toMatchObject({ kind: 'correction', data: 'corrected', bars: 4 });
      });

      it('takes several at once when one of them is newer', async () => {
        await correct(DAY + 7, [DAY + 3, 2]);
        expect(await correct(DAY + 7, [DAY + 1, 1, DAY + 3, 1, DAY + 6, 1])).toMatchObject({ status: 'OK' });
        expect(await known()).toEqual([DAY + 1, 1, DAY + 3, 2, DAY + 6, 1]);
        expect(await correct(DAY + 7, [DAY + 1, 1, DAY + 3, 2])).toEqual({ status: 'DUP' });
      });

      it('refuses one that ends elsewhere, or comes while the reader is too far behind: it may come again', async () => {
        expect(await correct(DAY + 6, [DAY + 5, 1])).toEqual({ status: 'MOVED', last: DAY + 7 });
        expect(await correct(DAY + 7, [DAY + 5, 1], { limit: 0 })).toEqual({ status: 'BACKPRESSURE', aheadBars: 1 });
        expect(await known()).toEqual([]);
        expect(await correct(DAY + 7, [DAY + 5, 1])).toMatchObject({ status: 'OK' });
      });

      it('remembers the newest bars alone, and refuses what is older than all of them', async () => {
        for (const time of [1, 2, 3, 4, 5]) await correct(DAY + 7, [DAY + time, 1]);
        expect(await known()).toEqual([2, 3, 4, 5].flatMap((time) => [DAY + time, 1]));
        expect(await correct(DAY + 7, [DAY + 1, 2])).toEqual({ status: 'OLD' });
        expect(await correct(DAY + 7, [DAY + 3, 2])).toMatchObject({ status: 'OK' });
        expect(await known()).toEqual([DAY + 2, 1, DAY + 3, 2, DAY + 4, 1, DAY + 5, 1]);
      });
    });
  });

  describe('acquire', () => {
    it('lets one of two rivals win', async () => {
      const replies = await Promise.all([take('a', 0), take('b', 0)]);
      expect(replies.map(({ status }) => status).sort()).toEqual(['LOST', 'OK']);
    });

    it('puts the cursor to the committed offset and throws the old owner out of the group', async () => {
      await appendBars(['A|1s', NONE, 1]);
      await appendBars(['A|1s', 1, 2]);
      await take('me', 0);
      await link.commands.xreadgroup('GROUP', 'g', 'owner', 'COUNT', 2, 'STREAMS', IN, '>');
      await commitParts();
      await take('heir', 1);
      expect(await link.commands.xpending(IN, 'g')).toEqual([0, null, null, null]);
      const read = (await link.commands.xreadgroup('GROUP', 'g', 'owner', 'STREAMS', IN, '>')) as unknown as [
        string,
        [string][],
      ][];
      expect(read[0]?.[1].map(([id]) => id)).toEqual(['2-0']);
    });

    it('counts deaths at one offset, and a commit or a release forgets them', async () => {
      await appendBars(['A|1s', NONE, 1]);
      for (let life = 0; life < 3; life++) expect(await take(`life${life}`, life)).toMatchObject({ attempts: life });
      await release.run(link.commands, [STAGE], [3, 'life2']);
      expect(await take('next', 3)).toMatchObject({ status: 'OK', attempts: 0 });
    });

    it('leaves state of a newer version alone', async () => {
      await take('new', 0, 2);
      expect(await take('old', 1, 1)).toEqual({ status: 'NEWER', version: 2 });
    });

    it('never restarts from zero when the stage hash alone has vanished', async () => {
      await link.commands.xadd(OUT, '1-0', 'kind', 'bar');
      expect(await take('me', 0)).toEqual({ status: 'VANISHED' });
      await link.commands.flushall();
      await link.commands.xadd(IN, '7-0', 'kind', 'bar');
      expect(await take('me', 0)).toEqual({ status: 'VANISHED' });
      expect(await take('me', 0, 1, 1)).toMatchObject({ status: 'OK', off: 6, snap: 6 });
    });
  });

  describe('commit', () => {
    beforeEach(async () => {
      await appendBars(['A|1s', NONE, 1]);
      await appendBars(['A|1s', 1, 2]);
      await take('me', 0);
    });

    it('hands the token of the first bar on, and leaves it where it is read by place', async () => {
      await commitParts({ last: 2, outs: [{ kind: 'bar', data: '["x"]', bars: 1 }], origin: await tokenOf(1) });
      const [entry] = await link.commands.xrange(OUT, '-', '+');
      expect(entry?.[1].filter((_, i) => i % 2 === 0)).toEqual(['kind', 'data', 'token', 'bars', 'origin']);
      expect(parseEntry(entry as never).origin).toBe(await tokenOf(1));
    });

    it('moves offset, outputs, values, state, history and lists together', async () => {
      const reply = await commitParts({
        outs: [{ kind: 'bar', data: '["x"]', bars: 1 }],
        latest: [['A|1s', '{}']],
        states: [['A|1s', Buffer.from([1, 2])]],
        letters: ['{}'],
        history: { chunks: [['history:{t}:A|1s:0', Buffer.from('row')]], index: [['A|1s', '{}']], dropped: [] },
        lists: new Map([['history:{t}:signals:A', { keep: 5, jsons: ['1', '2'] }]]),
      });
      expect(reply).toMatchObject({ status: 'OK', out: 1 });
      const keys = (await link.commands.keys('*')).sort();
      expect(keys).toEqual(
        expect.arrayContaining([
          'history:{t}',
          'history:{t}:A|1s:0',
          'history:{t}:signals:A',
          'latest:{t}',
          OUT,
          `${STAGE}:dead-letters`,
          `${STAGE}:state`,
        ]),
      );
      expect(await link.commands.hmget(STAGE, 'off', 'out', 'seq')).toEqual(['1', '1', '1']);
    });

    it('keeps the newest of a list, and cuts it when it is an eighth longer than its share, at least eight', async () => {
      const key = 'history:{t}:signals:A';
      const lengths: number[] = [];
      let seq = 0;
      const push = async (keep: number, count: number): Promise<void> => {
        const jsons = Array.from({ length: count }, (_, i) => String(i + 1));
        await commitParts({ seq: ++seq, prev: seq > 1 ? 1 : 0, last: 1, lists: new Map([[key, { keep, jsons }]]) });
        lengths.push(await link.commands.llen(key));
      };
      await push(5, 13);
      await push(5, 1);
      await push(100, 107);
      await push(100, 1);
      await push(100, 5);
      expect(lengths).toEqual([13, 5, 112, 100, 105]);
      expect(await link.commands.lrange(key, -6, -1)).toEqual(['1', '1', '2', '3', '4', '5']);
    });

    it('answers DUP to the very same commit, also to one that only saves', async () => {
      const chunk = { chunks: [['history:{t}:A|1s:0', Buffer.from('row')] as const], index: [], dropped: [] };
      await commitParts({ outs: [{ kind: 'bar', data: '[]', bars: 1 }] });
      expect(await commitParts({ outs: [{ kind: 'bar', data: '[]', bars: 1 }] })).toEqual({ status: 'DUP', out: 1 });
      await commitParts({ seq: 2, prev: 1, last: 1, history: chunk });
      expect(await commitParts({ seq: 2, prev: 1, last: 1, history: chunk })).toEqual({ status: 'DUP', out: 1 });
      expect(await link.commands.get('history:{t}:A|1s:0')).toBe('row');
      expect(await link.commands.xlen(OUT)).toBe(1);
    });

    it('fences a former owner, whose outputs never appear', async () => {
      await take('heir', 1);
      expect(await commitParts({ outs: [{ kind: 'bar', data: '[]', bars: 1 }] })).toEqual({ status: 'FENCED' });
      expect(await link.commands.exists(OUT)).toBe(0);
    });

    it('refuses to skip or repeat input', async () => {
      expect(await commitParts({ prev: 1, last: 2 })).toEqual({ status: 'STALE', off: 0 });
      expect(await commitParts({ seq: 5 })).toEqual({ status: 'STALE', off: 0 });
    });

    const loseInput = () => link.commands.del(IN, lastKey(TAG), tokensKey('market_data_stream', TAG));

    it('notices input that was lost and written anew under the same offset', async () => {
      const token = await tokenOf(1);
      await loseInput();
      await appendBars(['SPY|1s', NONE, 1]);
      expect(await commitParts({ token })).toEqual({ status: 'ROLLBACK' });
    });

    it('notices it as well where the token is not listed, and input that is not there at all', async () => {
      const token = await tokenOf(1);
      await loseInput();
      expect(await commitParts({ token })).toEqual({ status: 'ROLLBACK' });
      await link.commands.xadd(IN, '1-0', 'kind', 'bar', 'data', '[]', 'token', `${token}9`, 'bars', 1);
      expect(await commitParts({ token })).toEqual({ status: 'ROLLBACK' });
      expect(await commitParts({ token: `${token}9` })).toMatchObject({ status: 'OK' });
    });

    it('lists a token for every entry that is kept, of the input and of the output', async () => {
      const tokens = (stream: StreamName) => link.commands.lrange(tokensKey(stream, TAG), 0, -1);
      for (const n of [101, 102]) expect(await appendBars(['SPY|1s', NONE, n])).toMatchObject({ status: 'OK' });
      const outs = [1, 2].map(() => ({ kind: 'bar', data: '[]', bars: 1 }));
      await commitParts({ last: 2, outs, trimBefore: 2 });
      for (const [stream, key, kept] of [
        ['market_data_stream', IN, 3],
        ['calculation_events_stream', OUT, 2],
      ] as const) {
        const entries = await link.commands.xrange(key, '-', '+');
        expect(entries).toHaveLength(kept);
        expect(await tokens(stream)).toEqual(entries.map(([, fields]) => fields[5]));
      }
    });

    it('holds the output back when its reader is behind, before anything is written', async () => {
      const outs = [{ kind: 'bar', data: '[]', bars: 11 }];
      expect(await commitParts({ outs }, ['strategy'])).toMatchObject({ status: 'OK' });
      expect(await commitParts({ seq: 2, prev: 1, last: 2, outs }, ['strategy'])).toEqual({
        status: 'BACKPRESSURE',
        aheadBars: 11,
      });
      expect(await link.commands.hget(STAGE, 'off')).toBe('1');
      await link.commands.hset(READER, 'snapBars', 11);
      expect(await commitParts({ seq: 2, prev: 1, last: 2, outs }, ['strategy'])).toMatchObject({
        status: 'OK',
        out: 2,
      });
    });

    it('writes more states than unpack could take in one call', async () => {
      const states = Array.from({ length: 3_000 }, (_, i) => [`S${i}|1s`, Buffer.from([1])] as const);
      expect(await commitParts({ states })).toMatchObject({ status: 'OK' });
      expect(await link.commands.hlen(stateKey('calculation', TAG))).toBe(3_000);
    });
  });

  it('resync and release and probe obey the owner alone', async () => {
    await take('me', 0);
    expect(await resync.run(link.commands, [STAGE, IN], [1, 'thief', 'g'])).toEqual({ status: 'FENCED' });
    expect(await resync.run(link.commands, [STAGE, IN], [1, 'me', 'g'])).toEqual({ status: 'OK', off: 0 });
    expect(await probe.run(link.commands, [STAGE], [2, 'me', '1::0'])).toBe(false);
    expect(await probe.run(link.commands, [STAGE], [1, 'me', '1::0'])).toBe(true);
    expect(await take('heir', 1)).toMatchObject({ probe: '1::0' });
    expect(await release.run(link.commands, [STAGE], [1, 'me'])).toBe(false);
    expect(await release.run(link.commands, [STAGE], [2, 'heir'])).toBe(true);
  });

  it('heartbeat lists who is live by the server clock and says when our own entry was lost', async () => {
    const beat = (me: string, ttl: number) => heartbeat.run(link.commands, [membersKey('x')], [me, ttl]);
    expect(await beat('a', 10_000)).toEqual({ known: false, live: ['a'], leaving: [] });
    expect(await beat('b', 10_000)).toEqual({ known: false, live: ['a', 'b'], leaving: [] });
    await link.commands.zadd(membersKey('x'), 1, 'a');
    expect(await beat('b', 10_000)).toEqual({ known: true, live: ['b'], leaving: [] });
    await link.commands.del(membersKey('x'));
    expect(await beat('b', 10_000)).toEqual({ known: false, live: ['b'], leaving: [] });
  });

  it('leave keeps a member apart from the live ones until its deadline, and it is forgotten like any other', async () => {
    const beat = (ttl: number) => heartbeat.run(link.commands, [membersKey('x')], ['a', ttl]);
    await leave.run(link.commands, [membersKey('x')], ['b', 10_000]);
    expect(await beat(10_000)).toEqual({ known: false, live: ['a'], leaving: ['b'] });
    await leave.run(link.commands, [membersKey('x')], ['b', -1_000]);
    expect(await beat(10_000)).toMatchObject({ live: ['a'], leaving: [] });
    expect(await link.commands.zcard(membersKey('x'))).toBe(2);
    await beat(100);
    expect(await link.commands.zrange(membersKey('x'), '0', '-1')).toEqual(['a']);
  });

  it('write-control lets one of two writers win and numbers versions without a hole', async () => {
    const write = () => writeControl.run(link.commands, ['c:document', 'c'], [0, '{}', 1]);
    const replies = await Promise.all([write(), write()]);
    expect(replies).toEqual([{ written: true, version: 1 }, { written: false, version: 1 }]); // prettier-ignore
  });

  it('holds everybody to the first number of partitions', async () => {
    await claimPartitions(link, 16);
    await claimPartitions(link, 16);
    await expect(claimPartitions(link, 32)).rejects.toThrow('PARTITIONS is 32, but this Redis was started with 16');
    expect(await link.commands.get(partitionsKey)).toBe('16');
  });

  it('at maxmemory the log refuses and everything behind it still works', async () => {
    await appendBars(['A|1s', NONE, 1]);
    await take('me', 0);
    await link.commands.config('SET', 'maxmemory', '1mb');
    try {
      await expect(appendBars(['A|1s', 1, 2])).rejects.toThrow(/OOM/);
      expect(await commitParts({ outs: [{ kind: 'bar', data: '[]', bars: 1 }] })).toMatchObject({ status: 'OK' });
      expect(await take('heir', 1)).toMatchObject({ status: 'OK', off: 1 });
      expect(await heartbeat.run(link.commands, [membersKey('x')], ['a', 1_000])).toMatchObject({ live: ['a'] });
    } finally {
      await link.commands.config('SET', 'maxmemory', '0');
    }
  });
});
