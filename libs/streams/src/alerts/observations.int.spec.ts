import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { conditionsKey, stageKey, streamKey, tokensKey } from '../layout/keys';
import { partitionTag } from '../layout/partition';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { parseEntry } from '../stage/log-entry';
import { createObservations, type Observation } from './observations';

const TAG = partitionTag(0, 4);
const full: Observation = { code: 'redis_memory', subject: 'redis', detail: 'Redis uses 80 % of its memory' };

describe('what is seen of the system as a whole', () => {
  let redis: TestRedis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'observations', log: silentLog });
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await link.commands.flushall();
    await link.commands.hset(stageKey('strategy', TAG), 'epoch', 3, 'out', 7, 'outBars', 40);
  });
  const entries = async () => (await link.commands.xrange(streamKey('signal_stream', TAG), '-', '+')).map(parseEntry);

  it('is told once by any number of observers, with the next dense number, and counts as no signal', async () => {
    const observers = [createObservations(link, 4), createObservations(link, 4)];
    const answers = await Promise.all([...observers, ...observers].map((each) => each.tell(full)));
    expect(answers.sort()).toEqual(['known', 'known', 'known', 'told']);
    const [told, ...others] = await entries();
    expect(others).toEqual([]);
    expect(told).toMatchObject({ offset: 8, kind: 'system', bars: 40 });
    expect(JSON.parse(told?.data ?? '')).toEqual([
      { id: expect.stringMatching(/^redis_memory-[0-9a-f]{20}$/) as string, ...full },
    ]);
    expect(await link.commands.hmget(stageKey('strategy', TAG), 'out', 'outBars')).toEqual(['8', '40']);
    expect(await link.commands.lrange(tokensKey('signal_stream', TAG), 0, -1)).toEqual([told?.token]);
  });

  it('is told again when nobody had seen it for a while, and not as long as somebody does', async () => {
    const observations = createObservations(link, 4, 150);
    expect(await observations.tell(full)).toBe('told');
    for (const end = performance.now() + 400; performance.now() < end;)
      expect(await observations.tell(full)).toBe('known');
    await until(async () => {
      const [, last] = await link.commands.zrange(conditionsKey(TAG), '0', '0', 'WITHSCORES');
      return Date.now() > Number(last) + 150;
    });
    expect(await observations.tell(full)).toBe('told');
    expect((await entries()).map(({ offset }) => offset)).toEqual([8, 9]);
  });

  it('waits for the stage, whose record it never begins', async () => {
    await link.commands.del(stageKey('strategy', TAG));
    expect(await createObservations(link, 4).tell(full)).toBe('early');
    expect(await link.commands.dbsize()).toBe(0);
  });

  it('is told at maxmemory too', async () => {
    await link.commands.config('SET', 'maxmemory', '1mb');
    try {
      expect(await createObservations(link, 4).tell(full)).toBe('told');
    } finally {
      await link.commands.config('SET', 'maxmemory', '0');
    }
  });
});
