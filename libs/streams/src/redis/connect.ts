import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisSettings } from '@wagehood/config';
import type { StreamsLog } from '../log';
import { redisFault } from './errors';

export type RedisClient = Redis | Cluster;

/** How a process speaks to Redis: one shared command connection, dedicated ones on request, and the state of both in words. */
export interface RedisLink {
  readonly commands: RedisClient;
  /** A dedicated connection, closed with the link. `blocking` has no command timeout; `queue` is what BullMQ asks for. */
  duplicate(purpose: 'blocking' | 'queue'): RedisClient;
  /** Resolves when Redis has answered once. Never rejects: while Redis is away or refuses us, `status` says why. */
  ready(): Promise<void>;
  status(): { readonly ok: boolean; readonly error: string | null };
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 3_000;
const reconnectDelayMs = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

export function connectRedis(settings: RedisSettings, { name, log }: { name: string; log: StreamsLog }): RedisLink {
  const clients = new Set<RedisClient>();
  let problem: string | null = 'connecting';

  const open = (purpose: 'commands' | 'blocking' | 'queue'): RedisClient => {
    const client = createClient(settings, purpose, `wagehood-${name}-${purpose}`);
    clients.add(client);
    client.on('end', () => clients.delete(client));
    client.on('error', (error: Error) => {
      const text = describeFault(error, settings);
      if (text !== problem) log.warn(text, { connection: purpose });
      if (purpose === 'commands') problem = text;
    });
    if (purpose === 'commands') client.on('ready', () => (problem = null));
    return client;
  };

  const commands = open('commands');
  commands.on('close', () => (problem ??= `Redis at ${describeTarget(settings)} closed the connection; reconnecting`));
  return {
    commands,
    duplicate: open,
    ready: () =>
      commands.status === 'ready' ? Promise.resolve() : new Promise((done) => commands.once('ready', () => done())),
    status: () => ({ ok: problem === null, error: problem }),
    async close() {
      for (const client of clients) client.disconnect();
      clients.clear();
    },
  };
}

/** The connection that BullMQ builds its own duplicates from. */
export const queueConnection = (link: RedisLink): RedisClient => link.duplicate('queue');

function createClient(
  settings: RedisSettings,
  purpose: 'commands' | 'blocking' | 'queue',
  connectionName: string,
): RedisClient {
  const common: RedisOptions = {
    username: settings.username,
    password: settings.password,
    connectionName,
    maxRetriesPerRequest: null,
    enableAutoPipelining: false,
    enableReadyCheck: true,
    retryStrategy: reconnectDelayMs,
    disconnectTimeout: 200, // ioredis keeps the process that long when it closes a socket that was never open
    ...(purpose === 'commands' ? { commandTimeout: COMMAND_TIMEOUT_MS } : {}),
    ...(settings.tls ? { tls: { ...settings.tls } } : {}),
  };
  if (settings.cluster?.length) {
    return new Cluster([...settings.cluster], { redisOptions: common, clusterRetryStrategy: reconnectDelayMs });
  }
  if (settings.sentinels?.length) {
    return new Redis({ ...common, sentinels: [...settings.sentinels], name: settings.sentinelName ?? 'mymaster' });
  }
  const path = settings.url?.startsWith('unix://') ? settings.url.slice('unix://'.length) : null;
  if (path) return new Redis({ ...common, path });
  if (settings.url) return new Redis(settings.url, definedOnly(common));
  return new Redis({ ...common, host: settings.host, port: settings.port });
}

/** ioredis lets an explicit `undefined` override what the URL says. */
function definedOnly(options: RedisOptions): RedisOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

export function describeTarget(settings: RedisSettings): string {
  if (settings.cluster?.length) return settings.cluster.map(({ host, port }) => `${host}:${port}`).join(',');
  if (settings.sentinels?.length) return `sentinel ${settings.sentinelName ?? 'mymaster'}`;
  return settings.url ? settings.url.replace(/\/\/[^/]*@/, '//***@') : `${settings.host}:${settings.port}`;
}

function describeFault(error: Error, settings: RedisSettings): string {
  const target = describeTarget(settings);
  if (redisFault(error) === 'denied') {
    return `Redis at ${target} refuses our credentials (${error.message}); check REDIS_USERNAME and REDIS_PASSWORD`;
  }
  const cause = error.message || (error as NodeJS.ErrnoException).code || 'unknown error';
  return `Redis at ${target} cannot be reached (${cause}); retrying`;
}
