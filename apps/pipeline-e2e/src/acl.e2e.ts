import { connectRedis, silentLog, type RedisClient, type RedisLink } from '@wagehood/streams';
import { startRedis, type TestRedis } from '@wagehood/testing';
import { passwordOf, services, shippedUsers } from './testing/secured';

/** What each service may append to; nobody else may, and never by hand what a script of another one writes. */
const STREAMS = {
  ingestion: ['market_data_stream'],
  'calculation-worker': ['calculation_events_stream'],
  'strategy-evaluator': ['signal_stream'],
  alerting: ['signal_stream', 'alert_stream'], // what it sees of the system stands before it, in its own input
  api: ['control'],
} as const;
const KEYS = [
  'market_data_stream:{p}', 'calculation_events_stream:{p}', 'signal_stream:{p}', 'alert_stream:{p}', 'control:{control}',
]; // prettier-ignore

describe('the users that come with the product', () => {
  let redis: TestRedis;
  const links: RedisLink[] = [];
  beforeAll(async () => {
    redis = await startRedis({ users: shippedUsers() });
  });
  afterAll(async () => {
    await Promise.all(links.map((link) => link.close()));
    await redis?.stop();
  });
  const as = async (username: string): Promise<RedisClient> => {
    const settings = { url: redis.url, host: '', port: 0, username, password: passwordOf(username) };
    const link = connectRedis(settings, { name: username, log: silentLog });
    links.push(link);
    await link.ready();
    return link.commands;
  };
  const isDenied = (attempt: Promise<unknown>): Promise<boolean> =>
    attempt.then(
      () => false,
      (error: Error) => /^NOPERM|The user executing the script can't/.test(error.message),
    );

  it.each(services)('%s may append to its own streams and to no other', async (service) => {
    const client = await as(service);
    const allowed: string[] = [];
    for (const key of KEYS) if (!(await isDenied(client.xadd(key, '*', 'a', 1)))) allowed.push(key.split(':')[0] ?? '');
    expect(allowed).toEqual(STREAMS[service]);
  });

  it.each(services)('%s may do nothing that would harm the others', async (service) => {
    const client = await as(service);
    const attempts = [
      client.flushall(),
      client.keys('*'),
      client.config('SET', 'maxmemory', '1'),
      client.call('SHUTDOWN', 'NOSAVE'),
      client.acl('LIST' as never),
      client.call('REPLICAOF', 'NO', 'ONE'),
      client.set('foreign', 1),
      client.get('foreign'),
      client.del('calculation:{p}'),
      client.eval("return redis.call('DEL', KEYS[1])", 1, 'members:{calculation}'),
      client.hset(service === 'calculation-worker' ? 'strategy:{p}' : 'calculation:{p}', 'epoch', 9),
    ];
    expect(await Promise.all(attempts.map(isDenied))).toEqual(attempts.map(() => true));
  });

  it('nobody gets in without a name', async () => {
    const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'anonymous', log: silentLog });
    links.push(link);
    await expect(link.commands.ping()).rejects.toThrow(/NOAUTH|closed|timed out/);
  });
});
