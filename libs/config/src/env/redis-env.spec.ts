import { formatFault } from '../fault';
import { loadEnv, type EnvSource } from './load-env';
import { redisEnv, redisMemoryEnv } from './redis-env';

const load = (source: EnvSource) => {
  const result = loadEnv({ redis: redisEnv, memory: redisMemoryEnv }, source, () => '-----BEGIN CERTIFICATE-----\nx');
  return result.ok ? result.value : result.faults.map(formatFault);
};

describe('redisEnv', () => {
  it.each(['redis://h', 'rediss://u:p@h:1/2', 'unix:///tmp/redis.sock'])('takes %s', (url) => {
    expect(load({ REDIS_URL: url })).toMatchObject({ redis: { url } });
  });

  it('takes a cluster, IPv6 included', () => {
    expect(load({ REDIS_CLUSTER_NODES: 'a:7000, [::1]:7001' })).toMatchObject({
      redis: {
        cluster: [
          { host: 'a', port: 7000 },
          { host: '::1', port: 7001 },
        ],
      },
    });
  });

  it('speaks TLS when told to, or when there is a certificate', () => {
    expect(load({ REDIS_TLS: 'true' })).toMatchObject({ redis: { tls: {} } });
    expect(load({ REDIS_TLS_CA_FILE: '/ca.pem' })).toMatchObject({
      redis: { tls: { ca: '-----BEGIN CERTIFICATE-----\nx' } },
    });
  });

  it.each<[EnvSource, string]>([
    [
      { REDIS_URL: 'redis://h', REDIS_SENTINELS: 'a:1', REDIS_SENTINEL_NAME: 'm' },
      'REDIS_URL, REDIS_SENTINELS: are set together (expected one of them)',
    ],
    [{ REDIS_SENTINELS: 'a:1' }, 'REDIS_SENTINEL_NAME: is missing (expected the name that REDIS_SENTINELS watch)'],
    [{ REDIS_SENTINEL_NAME: 'm' }, 'REDIS_SENTINELS: is missing (expected host:port,… beside REDIS_SENTINEL_NAME)'],
    [{ REDIS_TLS_KEY_FILE: '/key' }, 'REDIS_TLS_CERT: is missing (expected certificate and key together)'],
    [{ REDIS_CLUSTER_NODES: 'a' }, 'REDIS_CLUSTER_NODES: "a" is not valid (expected host:port,host:port…)'],
    [
      { REDIS_TLS_CA: '/ca.pem' },
      'REDIS_TLS_CA: is not valid (expected a PEM text; the path of a PEM file goes to the same name with _FILE)',
    ],
  ])('refuses %j', (source, fault) => expect(load(source)).toEqual([fault]));

  it('reads REDIS_MAX_MEMORY in bytes', () => {
    expect(load({})).toMatchObject({ memory: 2 * 1024 ** 3 });
    expect(load({ REDIS_MAX_MEMORY: '64mb' })).toMatchObject({ memory: 64 * 1024 ** 2 });
  });
});
