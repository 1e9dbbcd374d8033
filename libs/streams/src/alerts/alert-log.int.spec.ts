import type { Alert } from '@wagehood/contracts';
import { startRedis, type TestRedis } from '@wagehood/testing';
import { alertsKey, lastKey, stageKey, stateKey, streamKey, tailSource, tokensKey } from '../layout/keys';
import { partitionTag } from '../layout/partition';
import { silentLog } from '../log';
import { acquire, commit } from '../protocol/scripts';
import { createReader } from '../read/reader';
import { connectRedis, type RedisLink } from '../redis/connect';
import { commitCall } from '../stage/commit-call';
import { createAlertLog, RECENT_ALERTS, type AlertLog } from './alert-log';

const PARTITIONS = 4;
const TAG = partitionTag(0, PARTITIONS);
const OUT = streamKey('alert_stream', TAG);

/** About the system, so it stands in partition 0. */
const alert = (id: string, status: Alert['status']): Alert => ({
  ...{ id, rule: 'r', channel: 'c', severity: 'info', title: 't', createdAt: 1, status },
  system: { code: 'x', detail: 'y' },
});

describe('the log of alerts', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let log: AlertLog;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'alerts', log: silentLog });
    log = createAlertLog(link, PARTITIONS);
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(() => link.commands.flushall());

  const acquireStage = () =>
    acquire.run(
      link.commands,
      [
        stageKey('alerting', TAG),
        streamKey('signal_stream', TAG),
        tailSource('alerting', TAG).key,
        OUT,
        stateKey('alerting', TAG),
      ],
      ['me', 0, 'g', 1, tailSource('alerting', TAG).offset, 1],
    );
  /** A commit of the owner that takes in nothing and gives out one alert. */
  const commitOne = (seq: number, id: string) => {
    const target = {
      stage: 'alerting',
      tag: TAG,
      group: 'g',
      readers: [],
      outLimitBars: 10,
      outKeepEntries: 100,
    } as const;
    const data = JSON.stringify([alert(id, 'pending')]);
    const { keys, args } = commitCall(target, {
      ...{
        epoch: 1,
        me: 'me',
        seq,
        prev: 0,
        last: 0,
        token: '',
        offBars: 0,
        snap: { offset: 0, bars: 0 },
        trimBefore: 0,
        outFrom: 0,
        origin: '',
      },
      ...{ latest: [], states: [], hidden: [], letters: [], history: { chunks: [], index: [], dropped: [] } },
      ...{ outs: [{ kind: 'alert', data, bars: 1 }], lists: new Map() },
    });
    return commit.run(link.commands, keys, args);
  };
  const written = async () =>
    (await link.commands.xrange(OUT, '-', '+')).map(([id, fields]) => {
      const [{ id: about, status }] = JSON.parse(fields[3] ?? '') as [Alert];
      return `${id} ${about} ${status}`;
    });
  const undelivered = async () =>
    (await createReader(link, PARTITIONS).undeliveredAlerts()).map((json) => (JSON.parse(json) as Alert).id);

  it('tells between the commits of the owner, whoever it is, without a hole in the ids', async () => {
    await acquireStage();
    await commitOne(1, 'a');
    expect(await log.publish(alert('a', 'delivered'), 'a delivered')).toBe('told');
    expect(await commitOne(2, 'b')).toMatchObject({ status: 'OK', out: 3 });
    await Promise.all([commitOne(3, 'c'), log.publish(alert('b', 'failed'), 'b failed')]);
    const lines = await written();
    expect(lines.slice(0, 3)).toEqual(['1-0 a pending', '2-0 a delivered', '3-0 b pending']);
    expect(lines.slice(3).map((line) => line.split(' ')[0])).toEqual(['4-0', '5-0']);
    expect(await link.commands.llen(tokensKey('alert_stream', TAG))).toBe(5);
  });

  it('tells the same once, however often and by however many it is told', async () => {
    await acquireStage();
    const told = await Promise.all(
      Array.from({ length: 5 }, () => log.publish(alert('a', 'delivered'), 'a delivered')),
    );
    expect(told.sort()).toEqual(['known', 'known', 'known', 'known', 'told']);
    expect(await written()).toEqual(['1-0 a delivered']);
  });

  it('keeps what was given up until it is delivered', async () => {
    await acquireStage();
    await log.publish(alert('a', 'failed'), 'a failed 1');
    await log.publish(alert('b', 'failed'), 'b failed 1');
    await log.publish(alert('a', 'failed'), 'a failed 2');
    expect((await undelivered()).sort()).toEqual(['a', 'b']);
    await log.publish(alert('a', 'delivered'), 'a delivered');
    expect(await undelivered()).toEqual(['b']);
  });

  it('does not begin a stage that nobody has begun', async () => {
    expect(await log.publish(alert('a', 'failed'), 'a failed')).toBe('early');
    expect(await link.commands.keys('*')).toEqual([]);
    expect(await link.commands.exists(lastKey(TAG))).toBe(0);
  });

  it('works when Redis is full, and keeps its lists bounded', async () => {
    await acquireStage();
    await link.commands.config('SET', 'maxmemory', '1mb');
    try {
      for (let i = 0; i < RECENT_ALERTS + 20; i++) await log.publish(alert(`a${i}`, 'failed'), `a${i}`);
    } finally {
      await link.commands.config('SET', 'maxmemory', '0');
    }
    expect(await link.commands.llen(alertsKey(TAG))).toBe(RECENT_ALERTS);
    expect(await undelivered()).toHaveLength(RECENT_ALERTS + 20);
  });
});
