import type { Socket } from 'node:net';
import { Cluster, Redis, SentinelConnector, type RedisOptions, type SentinelConnectionOptions } from 'ioredis';
import type { RedisSettings } from '@wagehood/config';

export type RedisClient = Redis | Cluster;
type Options = Omit<RedisOptions, 'replyMapping'>;

/** `commands` is shared and never blocks; `blocking` waits for streams; `queue` is what BullMQ asks for. */
export type Purpose = 'commands' | 'blocking' | 'queue';

export interface ClientOptions {
  readonly purpose: Purpose;
  readonly connectionName: string;
  /** Sees every error that Redis answers a command with. */
  readonly onReplyError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 3_000;
const SENTINEL_TIMEOUT_MS = 1_000;
/** After this long without an answer a connection is dead though nobody said so: longer than anything that blocks on it. */
const SILENCE_MS: Readonly<Record<Purpose, number>> = { commands: 5_000, blocking: 5_000, queue: 20_000 };

const reconnectDelayMs = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

/** A client for one server, for what sentinels say is the primary, or for a cluster; it reconnects for ever. */
export function createClient(settings: RedisSettings, options: ClientOptions): RedisClient {
  const common = commonOptions(settings, options);
  const { cluster, sentinels, url, host, port } = settings;
  if (cluster?.length) return createCluster(settings, common, options.purpose);
  if (sentinels?.length) return new GatheringRedis({ ...common, ...sentinelOptions(settings) });
  const path = url?.startsWith('unix://') ? url.slice('unix://'.length) : null;
  if (path) return new GatheringRedis({ ...common, path });
  if (url) return new GatheringRedis(url, common);
  return new GatheringRedis({ ...common, host, port });
}

function commonOptions(settings: RedisSettings, options: ClientOptions): Options {
  const { username, password, tls } = settings;
  const { purpose, connectionName, onReplyError } = options;
  return {
    // An explicit `undefined` would override what the URL says.
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: { ...tls } }),
    ...(purpose === 'commands' && { commandTimeout: COMMAND_TIMEOUT_MS }),
    connectionName,
    disableClientInfo: true,
    maxRetriesPerRequest: null,
    enableAutoPipelining: false,
    enableReadyCheck: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MS[purpose],
    retryStrategy: reconnectDelayMs,
    disconnectTimeout: 200, // ioredis keeps the process that long when it closes a socket that was never open
    reconnectOnError(error) {
      onReplyError(error);
      return error.message.includes('READONLY'); // the primary of old, demoted: ask anew who is the primary now
    },
  };
}

function sentinelOptions({ sentinels = [], sentinelName, tls, ...settings }: RedisSettings): Options {
  return {
    sentinels: [...sentinels],
    name: sentinelName ?? 'mymaster',
    ...(settings.sentinelUsername !== undefined && { sentinelUsername: settings.sentinelUsername }),
    ...(settings.sentinelPassword !== undefined && { sentinelPassword: settings.sentinelPassword }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: { ...tls } }),
    Connector: PatientSentinelConnector,
    failoverDetector: true, // a primary that was replaced may live on for seconds, taking writes that will be lost
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
  };
}

function createCluster({ cluster = [], tls }: RedisSettings, redisOptions: Options, purpose: Purpose): Cluster {
  const options = {
    redisOptions,
    clusterRetryStrategy: reconnectDelayMs,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // A certificate speaks for names: do not replace them by addresses.
    ...(tls && { dnsLookup: (name: string, done: (error: null, address: string) => void) => done(null, name) }),
  };
  return purpose === 'commands' ? new ImpatientCluster([...cluster], options) : new Cluster([...cluster], options);
}

/** So many bytes do not wait for more. */
const GATHERED_BYTES = 65_536;

/** Writes the commands of one turn of the event loop at once: in a quiet market the system calls cost more than the commands. */
class GatheringRedis extends Redis {
  #corked: Socket | null = null;

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this as unknown as { stream?: Socket };
    if (stream && stream !== this.#corked) this.#cork(stream);
    const reply = super.sendCommand(...args);
    if (stream && stream.writableLength > GATHERED_BYTES) this.#uncork(stream);
    return reply;
  }

  #cork(stream: Socket): void {
    this.#corked = stream;
    stream.cork();
    process.nextTick(() => this.#uncork(stream));
  }

  #uncork(stream: Socket): void {
    if (this.#corked !== stream) return;
    this.#corked = null;
    stream.uncork();
  }
}

/** ioredis times only what it has sent to a node; what waits for the cluster to come back would wait without an end. */
class ImpatientCluster extends Cluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    args[0].setTimeout(COMMAND_TIMEOUT_MS);
    return super.sendCommand(...args);
  }
}

interface SentinelParts {
  connectToSentinel(...args: unknown[]): Redis;
  failoverDetector: { cleanup(): void } | null;
}

/**
 * ioredis writes to stderr when a sentinel goes away that it only listens to; the others are enough. And a failover that is announced to
 * the connection before, while the next one is being made, would end the client for good.
 */
class PatientSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
    const parts = this as unknown as SentinelParts;
    const open = parts.connectToSentinel.bind(this);
    parts.connectToSentinel = (...args) => open(...args).on('error', () => undefined);
  }

  override connect(...args: Parameters<SentinelConnector['connect']>): ReturnType<SentinelConnector['connect']> {
    (this as unknown as SentinelParts).failoverDetector?.cleanup();
    return super.connect(...args);
  }
}
