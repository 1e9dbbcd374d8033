import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { createEntrySource, type EntrySource } from './entry-source';

const GROUP = 'stage';
const KEYS = ['a', 'b', 'c'];
const wanted = KEYS.map((key) => ({ key, count: 10 }));

describe('an entry source over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let source: EntrySource;
  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    for (const key of KEYS) await link.commands.xgroup('CREATE', key, GROUP, 0, 'MKSTREAM');
    source = createEntrySource(link, GROUP, 5_000, silentLog);
  });
  afterEach(async () => {
    source.close();
    await link.close();
    await redis.stop();
  });

  const append = (id: string, ...keys: string[]) => {
    const pipeline = link.commands.pipeline();
    for (const key of keys)
      pipeline.xadd(key, id, 'kind', 'bar', 'data', key, 'token', '1000', 'bars', '1', 'origin', '1000');
    return pipeline.exec();
  };
  const blocked = () =>
    until(async () => /blocked_clients:1\b/.test(await link.commands.info('clients')), { what: 'a blocked read' });
  const told = (found: Awaited<ReturnType<EntrySource['read']>>) =>
    new Map([...found].map(([key, entries]) => [key, entries.map(({ offset, data }) => `${offset} ${data}`)]));

  it('that was woken by an entry also brings what was sent with it to other streams', async () => {
    const reading = source.read(wanted);
    await blocked();
    await append('1-0', 'b', 'a');
    expect(told(await reading)).toEqual(new Map([['b', ['1 b']], ['a', ['1 a']]])); // prettier-ignore
  });

  it('brings an entry that came alone', async () => {
    const reading = source.read(wanted);
    await blocked();
    await append('1-0', 'c');
    expect(told(await reading)).toEqual(new Map([['c', ['1 c']]]));
    await append('2-0', 'a', 'b', 'c');
    expect(told(await source.read(wanted))).toEqual(new Map(KEYS.map((key) => [key, [`2 ${key}`]])));
  });
});
