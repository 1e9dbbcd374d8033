import type { RedisSettings } from '@wagehood/config';
import {
  makeCertificates,
  startRedis,
  startTlsRedis,
  until,
  type TestRedis,
  type TestTlsRedis,
} from '@wagehood/testing';
import { silentLog } from '../log';
import { connectRedis, queueConnection, type RedisLink } from './connect';

describe('connectRedis over TLS', () => {
  let redis: TestTlsRedis;
  let links: RedisLink[] = [];
  beforeAll(async () => {
    redis = await startTlsRedis({ args: ['--requirepass', 'secret'] });
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    await Promise.all(links.map((link) => link.close()));
    links = [];
  });

  const connect = (settings: Partial<RedisSettings>): RedisLink => {
    const link = connectRedis({ host: '127.0.0.1', port: redis.tlsPort, ...settings }, { name: 'tls', log: silentLog });
    links.push(link);
    return link;
  };
  const failure = async (link: RedisLink): Promise<string> => {
    const text = await until(() => link.status().error?.match(/^Redis at/) && link.status().error);
    expect(text).not.toContain('\n');
    return text;
  };

  it('speaks it by host and port as well as by URL, for every purpose', async () => {
    const { ca, client } = redis.certificates;
    const tls = { ca, ...client };
    for (const settings of [{ password: 'secret' }, { url: `rediss://:secret@localhost:${redis.tlsPort}` }]) {
      const link = connect({ ...settings, tls });
      await link.ready();
      for (const client of [link.commands, link.duplicate('blocking'), queueConnection(link)])
        expect(await client.ping()).toBe('PONG');
    }
  });

  it('says which of the settings is wrong', async () => {
    const { ca, client } = redis.certificates;
    const other = makeCertificates();
    const password = 'secret';
    const at = `Redis at 127.0.0.1:${redis.tlsPort}`;
    const untrusted = connect({ password, tls: { ca: other.ca, ...client } });
    expect(await failure(untrusted)).toMatch(`${at} has a certificate that we do not trust (`);
    expect(await failure(untrusted)).toContain('check REDIS_TLS_CA');
    // A server that refuses our certificate may also simply hang up.
    const refused = /(wants another certificate of ours|ends the TLS connection) \(.* REDIS_TLS_CERT and REDIS_TLS_KEY/;
    expect(await failure(connect({ password, tls: { ca } }))).toMatch(refused);
    expect(await failure(connect({ password, tls: { ca, ...other.client } }))).toMatch(refused);
    const guess = connect({ password: 'guess', tls: { ca, ...client } });
    expect(await failure(guess)).toMatch(
      /refuses our credentials \(WRONGPASS .*check REDIS_USERNAME and REDIS_PASSWORD/,
    );
    expect(links.map((link) => link.status().ok)).toEqual([false, false, false, false]);
  });

  it('says so when one side speaks TLS and the other does not', async () => {
    expect(await failure(connect({ password: 'secret' }))).toMatch(/if it speaks TLS, set REDIS_TLS|ECONNRESET/);
    const plain: TestRedis = await startRedis({ port: true });
    try {
      const link = connect({ port: plain.port as number, tls: {} });
      expect(await failure(link)).toMatch(/does not answer to TLS \(.*\); check REDIS_TLS and the port/);
    } finally {
      await plain.stop();
    }
  });
});
