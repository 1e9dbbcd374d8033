import { settingsSchema, type RedisSettings, type Settings, type SettingsInput } from '@wagehood/config';
import type { Timeframe } from '@wagehood/market';
import {
  connectRedis,
  createControl,
  createReader,
  partitionOf,
  silentLog,
  type Reader,
  type RedisLink,
} from '@wagehood/streams';
import { startRedis, type TestRedis } from '@wagehood/testing';
import { startService, type ServiceName, type ServiceProcess } from '../process/service-process';

export interface SystemOptions {
  /** What the api would write; null: nobody writes it, an api is started instead. */
  readonly settings: SettingsInput | null;
  readonly redisArgs?: readonly string[];
  readonly partitions?: number;
  /** Servers that the caller has started and will stop, instead of a private one. */
  readonly servers?: Servers;
  /** Program that runs the services; default: the Node that runs us. */
  readonly node?: string;
}

export interface Servers {
  /** How the test itself reaches them. */
  readonly settings: RedisSettings;
  /** How a service reaches them. */
  environment(service: ServiceName): Readonly<Record<string, string>>;
}

/** A Redis and the services of one test, each its own process. */
export interface System {
  /** The private one. */
  readonly redis: TestRedis;
  readonly link: RedisLink;
  readonly reader: Reader;
  readonly partitions: number;
  /** Starts a service, or another bundle in its place; does not wait for it. */
  start(name: ServiceName, environment?: Readonly<Record<string, string>>, bundle?: string): ServiceProcess;
  /** Starts services one after the other and waits until each is ready. */
  up(...names: readonly ServiceName[]): Promise<ServiceProcess[]>;
  /** Writes the next version of the configuration, as the api does. */
  configure(settings: SettingsInput): Promise<void>;
  running(name: ServiceName): readonly ServiceProcess[];
  /** All that run. */
  all(): readonly ServiceProcess[];
  /** Ends everything; safe to call twice. */
  stop(): Promise<void>;
}

/** As many as the services have by default. */
export const PARTITIONS = 16;
const AOF = ['--appendonly', 'yes', '--appendfsync', 'everysec'];

export async function startSystem({
  settings,
  redisArgs = [],
  partitions = PARTITIONS,
  servers,
  node,
}: SystemOptions): Promise<System> {
  const redis = servers ? null : await startRedis({ args: [...AOF, ...redisArgs] });
  const { settings: place, environment: reach } = servers ?? inPrivate(redis as TestRedis);
  const connection = connectRedis(place, { name: 'e2e', log: silentLog });
  // One that waits for an answer however long it takes: a test asks a Redis that is away, stopped or short of a core.
  const link = { ...connection, commands: connection.duplicate('blocking') };
  const control = createControl(link);
  const services: ServiceProcess[] = [];
  const common = { PARTITIONS: String(partitions), HEALTH_PORT: '0' };

  const system: System = {
    get redis() {
      if (!redis) throw new Error('this system has no Redis of its own');
      return redis;
    },
    link,
    reader: createReader(link, partitions),
    partitions,
    start(name, environment = {}, bundle?: string) {
      const service = startService(name, { ...common, ...reach(name), ...environment }, bundle, node);
      services.push(service);
      return service;
    },
    async up(...names) {
      const started = names.map((name) => system.start(name));
      await Promise.all(started.map((service) => service.ready()));
      return started;
    },
    async configure(next) {
      const version = (await control.read())?.version ?? 0;
      const document = { settings: settingsSchema.parse(next), updatedBy: 'e2e', updatedAt: Date.now() };
      const { ok } = await control.write(document, version);
      if (!ok) throw new Error('somebody else has written the configuration');
    },
    running: (name) => services.filter((service) => service.name === name && service.isRunning()),
    all: () => services.filter((service) => service.isRunning()),
    async stop() {
      await Promise.all(services.map((service) => service.kill()));
      await link.close();
      await redis?.stop();
    },
  };
  if (settings) {
    await link.ready();
    await system.configure(settings);
  }
  return system;
}

const inPrivate = ({ url }: TestRedis): Servers => ({
  settings: { url, host: '', port: 0 },
  environment: () => ({ REDIS_URL: url }),
});

/** The same Redis and processes, seen with another number of partitions; what is started from here on is started with it. */
export function withPartitions(system: System, partitions: number): System {
  const seen: System = {
    ...system,
    partitions,
    reader: createReader(system.link, partitions),
    start: (name, environment = {}, bundle?: string) =>
      system.start(name, { PARTITIONS: String(partitions), ...environment }, bundle),
    async up(...names) {
      const started = names.map((name) => seen.start(name));
      await Promise.all(started.map((service) => service.ready()));
      return started;
    },
  };
  return seen;
}

/** Settings for tests that read whole streams afterwards: nothing is trimmed, and nobody waits for an alerting that is not there. */
export function openSettings(
  symbols: readonly string[],
  system: Partial<Settings['system']> = {},
  timeframes: readonly Timeframe[] = [],
): SettingsInput {
  return {
    system: { redis_streams_maxlen: 100_000_000, enable_alerts: false, ...system },
    watchlist: symbols.map((symbol) => ({ symbol, timeframes: [...timeframes] })),
  };
}

/**
 * The same number of symbols for every partition. Streams have a budget of bytes beside that of bars, so a test that reads them
 * whole must not crowd one partition.
 */
export function evenSymbols(each: number, partitions = PARTITIONS): string[] {
  const left = new Array<number>(partitions).fill(each);
  const symbols: string[] = [];
  for (let i = 0; symbols.length < each * partitions; i++) {
    const symbol = `S${String(i).padStart(2, '0')}`;
    const partition = partitionOf(symbol, partitions);
    if ((left[partition] ?? 0) === 0) continue;
    left[partition] = (left[partition] ?? 0) - 1;
    symbols.push(symbol);
  }
  return symbols;
}
