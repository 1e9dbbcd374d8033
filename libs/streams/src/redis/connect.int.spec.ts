import { freePort, startProxy, startRedis, until, type TestRedis } from '@wagehood/testing';
import type { RedisSettings } from '@wagehood/config';
import { connectRedis, queueConnection, type RedisLink } from './connect';
import { describeTarget } from './describe';
import { heartbeat } from '../protocol/scripts';

const base: RedisSettings = { host: '127.0.0.1', port: 1 };

describe('connectRedis', () => {
  let redis: TestRedis | null = null;
  let links: RedisLink[] = [];
  let warnings: string[] = [];
  const keep = (message: string) => void warnings.push(message);
  const log = { debug: () => undefined, info: () => undefined, warn: keep, error: keep };
  const connect = (settings: Partial<RedisSettings>): RedisLink => {
    const link = connectRedis({ ...base, ...settings }, { name: 'test', log });
    links.push(link);
    return link;
  };
  const failure = (link: RedisLink) => until(() => link.status().error?.match(/^Redis at/) && link.status().error);

  afterEach(async () => {
    await Promise.all(links.map((link) => link.close()));
    await redis?.stop();
    [redis, links, warnings] = [null, [], []];
  });

  it('speaks over a unix socket, by URL and by host and port', async () => {
    redis = await startRedis();
    const local = connect({ url: `unix://${redis.socket}` });
    expect(local.status()).toEqual({ ok: false, error: 'connecting' });
    await local.ready();
    expect(local.status()).toEqual({ ok: true, error: null });
    await local.commands.set('a', 1);
    await local.close();
    await redis.stop();
    redis = await startRedis({ port: true });
    const { port } = redis as { port: number };
    for (const settings of [{ url: `redis://127.0.0.1:${port}` }, { port }]) {
      const link = connect(settings);
      await link.ready();
      expect(await link.commands.get('a')).toBeNull();
    }
    expect(warnings).toEqual([]);
  });

  it.each([
    ['a wrong password', { password: 'guess' }, /WRONGPASS/],
    ['no password', {}, /NOAUTH/],
    ['an unknown user', { username: 'nobody', password: 'secret' }, /WRONGPASS/],
  ])('says in words that %s is refused, and keeps on trying', async (_, credentials, cause) => {
    redis = await startRedis({ port: true, args: ['--requirepass', 'secret'] });
    const link = connect({ port: redis.port as number, ...credentials });
    const error = await failure(link);
    expect(error).toContain(`Redis at 127.0.0.1:${redis.port} refuses our credentials`);
    expect(error).toMatch(cause);
    expect(error).toContain('check REDIS_USERNAME and REDIS_PASSWORD');
    expect(link.status().ok).toBe(false);
    expect(new Set(warnings).size).toBe(warnings.length); // each text once, however often it tries
  });

  it('takes the password from the URL or from the settings', async () => {
    redis = await startRedis({ port: true, args: ['--requirepass', 'secret'] });
    const { port } = redis as { port: number };
    for (const settings of [{ url: `redis://:secret@127.0.0.1:${port}` }, { port, password: 'secret' }]) {
      const link = connect(settings);
      await link.ready();
      expect(await link.commands.ping()).toBe('PONG');
    }
  });

  it('waits for a Redis that is not there yet, saying so', async () => {
    const port = await freePort();
    const link = connect({ port });
    expect(await failure(link)).toMatch(`Redis at 127.0.0.1:${port} cannot be reached (connect ECONNREFUSED`);
    redis = await startRedis({ args: ['--port', `${port}`, '--bind', '127.0.0.1'] });
    await link.ready();
    expect(link.status()).toEqual({ ok: true, error: null });
  });

  it('notices that Redis went away, and finds it again when it is back', async () => {
    redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const link = connect({ url: redis.url });
    await link.ready();
    await link.commands.set('kept', 'yes');
    await redis.kill();
    await until(() => !link.status().ok);
    expect(link.status().error).toContain(describeTarget({ ...base, url: redis.url }));
    const asked = link.commands.get('kept'); // queued while it is away
    await redis.restart();
    await until(() => link.status().ok);
    expect(await asked).toBe('yes');
  });

  it('asks anew for the primary when it speaks to a server that was demoted', async () => {
    redis = await startRedis({ port: true });
    const link = connect({ port: redis.port as number });
    await link.ready();
    const identity = await link.commands.client('ID');
    await link.commands.call('replicaof', '127.0.0.1', '1');
    await expect(heartbeat.run(link.commands, ['{a}'], ['me', 1])).rejects.toThrow('READONLY'); // from within a script
    await until(async () => (await link.commands.client('ID')) !== identity);
  });

  it('shows what the ACL forbids for as long as it does', async () => {
    redis = await startRedis({ port: true, users: ['user reader on >secret +ping +info ~*'] });
    const link = connect({ port: redis.port as number, username: 'reader', password: 'secret' });
    await link.ready();
    await expect(link.commands.set('a', 1)).rejects.toThrow('NOPERM');
    expect(link.status().error).toMatch(
      /^Redis at .* does not allow our user what it needs \(NOPERM.*'set'.*check its ACL$/,
    );
    expect(warnings).toHaveLength(1);
  });

  it('gives up a server that says nothing any more, and finds it again', async () => {
    redis = await startRedis();
    const proxy = await startProxy({ path: redis.socket });
    const link = connect({ port: proxy.port });
    await link.ready();
    proxy.suffer({ requests: 'hold', replies: 'hold' });
    await expect(link.commands.ping()).rejects.toThrow('Command timed out');
    await until(() => link.status().error?.includes('Socket timeout'), { timeoutMs: 8_000 });
    proxy.heal();
    await until(() => link.status().ok);
    expect(await link.commands.ping()).toBe('PONG');
    await proxy.stop();
  });

  it('hands out connections of their own for what blocks and for queues, and closes them all', async () => {
    redis = await startRedis();
    const link = connect({ url: redis.url });
    await link.ready();
    const [blocking, queue] = [link.duplicate('blocking'), queueConnection(link)];
    expect([link.commands, blocking, queue].map((client) => client.options)).toMatchObject([
      { commandTimeout: 3_000, maxRetriesPerRequest: null },
      { maxRetriesPerRequest: null },
      { maxRetriesPerRequest: null },
    ]);
    for (const { options } of [blocking, queue]) expect(options).not.toHaveProperty('commandTimeout');
    await Promise.all([blocking.ping(), queue.ping()]);
    const names = String(await link.commands.client('LIST')).match(/name=\S+/g);
    expect(names?.sort()).toEqual(['name=wagehood-test-blocking', 'name=wagehood-test-commands', 'name=wagehood-test-queue']); // prettier-ignore
    await link.close();
    await until(() => [link.commands, blocking, queue].every(({ status }) => status === 'end'));
  });
});

describe('describeTarget', () => {
  it.each<[Partial<RedisSettings>, string]>([
    [{ host: 'cache', port: 6379 }, 'cache:6379'],
    [{ url: 'redis://user:secret@cache:6379' }, 'redis://***@cache:6379'],
    [{ url: 'rediss://:se@cr@et@cache' }, 'rediss://***@cache'],
    [{ url: 'unix:///run/redis.sock' }, 'unix:///run/redis.sock'],
    [
      {
        cluster: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
      'a:1,b:2',
    ],
    [{ sentinels: [{ host: 'a', port: 1 }] }, 'sentinel mymaster'],
    [{ sentinels: [{ host: 'a', port: 1 }], sentinelName: 'market' }, 'sentinel market'],
  ])('%j → %s', (settings, text) => {
    expect(describeTarget({ ...base, ...settings })).toBe(text);
  });
});
