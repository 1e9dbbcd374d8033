import type { Fault } from '../fault';
import type { RedisNode, RedisSettings } from '../redis-settings';
import { fragment, secretVariable, variable } from './fragment';
import { boolean, bytes, list, port, text, type Kind } from './kinds';

const urlKind: Kind<string> = {
  expected: 'redis://, rediss:// or unix:///path',
  parse: (value) => {
    if (/^unix:\/\/\/./.test(value)) return value;
    return /^rediss?:$/.test(URL.canParse(value) ? new URL(value).protocol : '') ? value : undefined;
  },
};

const nodeKind: Kind<RedisNode> = {
  expected: 'host:port',
  parse: (value) => {
    const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:,]+)):(\d{1,5})$/i.exec(value);
    const number = port.parse(match?.[3] ?? '');
    return match && number !== undefined ? { host: match[1] ?? match[2] ?? '', port: number } : undefined;
  },
};

const nodes = list(nodeKind, 'host:port,host:port…');
const pem: Kind<string> = {
  expected: 'a PEM text; the path of a PEM file goes to the same name with _FILE',
  parse: (value) => (value.startsWith('-----BEGIN ') ? value : undefined),
};

const variables = {
  url: secretVariable('REDIS_URL', urlKind, 'redis://, rediss:// or unix:///path; wins over host and port'),
  host: variable('REDIS_HOST', text('a host name or address'), 'host of Redis', 'localhost'),
  port: variable('REDIS_PORT', port, 'port of Redis', 6379),
  username: variable('REDIS_USERNAME', text(), 'ACL user'),
  password: secretVariable('REDIS_PASSWORD', text(), 'password'),
  tls: variable('REDIS_TLS', boolean, 'speak TLS', false),
  ca: secretVariable('REDIS_TLS_CA', pem, 'certificate authority, PEM'),
  cert: secretVariable('REDIS_TLS_CERT', pem, 'client certificate, PEM'),
  key: secretVariable('REDIS_TLS_KEY', pem, 'key of the client certificate, PEM'),
  cluster: variable('REDIS_CLUSTER_NODES', nodes, 'seed nodes of a Redis Cluster'),
  sentinels: variable('REDIS_SENTINELS', nodes, 'addresses of the sentinels'),
  sentinelName: variable('REDIS_SENTINEL_NAME', text(), 'name of the master that the sentinels watch'),
  sentinelUsername: variable('REDIS_SENTINEL_USERNAME', text(), 'ACL user of the sentinels, if they have one'),
  sentinelPassword: secretVariable('REDIS_SENTINEL_PASSWORD', text(), 'password of the sentinels, if they have one'),
};

type Values = {
  readonly url: string | undefined;
  readonly cluster: readonly RedisNode[] | undefined;
  readonly sentinels: readonly RedisNode[] | undefined;
  readonly sentinelName: string | undefined;
  readonly tls: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
};

function check(values: Values, faults: Fault[]): void {
  const { url, cluster, sentinels, sentinelName, cert, key } = values;
  const ways = [url && 'REDIS_URL', cluster && 'REDIS_CLUSTER_NODES', sentinels && 'REDIS_SENTINELS'].filter(Boolean);
  if (ways.length > 1) faults.push({ path: ways.join(', '), message: 'are set together', expected: 'one of them' });
  if (sentinels && !sentinelName) {
    faults.push({
      path: 'REDIS_SENTINEL_NAME',
      message: 'is missing',
      expected: 'the name that REDIS_SENTINELS watch',
    });
  }
  if (sentinelName && !sentinels) {
    faults.push({ path: 'REDIS_SENTINELS', message: 'is missing', expected: 'host:port,… beside REDIS_SENTINEL_NAME' });
  }
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'REDIS_TLS_CERT' : 'REDIS_TLS_KEY';
    faults.push({ path: missing, message: 'is missing', expected: 'certificate and key together' });
  }
}

/** How to reach Redis: REDIS_URL, or REDIS_HOST and REDIS_PORT, or a cluster, or sentinels; with user, password and TLS. */
export const redisEnv = fragment(variables, (values, faults): RedisSettings => {
  check(values, faults);
  const { tls, ca, cert, key, ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const secure = tls || ca !== undefined || cert !== undefined;
  const pems = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return { ...given, ...(secure && { tls: pems }) } as RedisSettings;
});

/** REDIS_MAX_MEMORY: for a Redis that we start ourselves, in bytes. */
export const redisMemoryEnv = fragment(
  { maxMemory: variable('REDIS_MAX_MEMORY', bytes, 'memory of a Redis that we start ourselves', 2 * 1024 ** 3) },
  ({ maxMemory }) => maxMemory,
);
