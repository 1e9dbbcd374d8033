import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsSchema } from '@wagehood/config';
import {
  claimPartitions,
  connectRedis,
  createControl,
  createReader,
  silentLog,
  type RedisLink,
} from '@wagehood/streams';
import { startChild, type Child } from '../process/child';
import { startPrivateRedis, type PrivateRedis } from '../process/private-redis';
import type { Scope } from '../process/scope';

export interface SystemOptions {
  readonly symbols: readonly string[];
  /** Default: 16. */
  readonly partitions?: number;
  /** Calculation workers. */
  readonly workers: number;
  /** `max`: as fast as it goes. `realtime`: a bar per symbol and second. */
  readonly speed: 'max' | 'realtime';
  /** Bars of history per symbol before the first live one. */
  readonly historyBars: number;
  /** With alerting and api. Without them the bench itself writes the configuration. */
  readonly whole: boolean;
  /** Folder for CPU profiles. */
  readonly profile: string | null;
}

/** Our own services as they are shipped: built bundles, one process each, with a Redis of their own. */
export interface System {
  readonly redis: PrivateRedis;
  readonly link: RedisLink;
  /** Services by name; `calculation-worker-2` is the second worker. */
  readonly services: ReadonlyMap<string, Child>;
  /** Bars (warm-up included) that the strategy stage has committed. */
  committedBars(): Promise<number>;
  stop(): Promise<void>;
}

export const PARTITIONS = 16;
const APPS = join('dist', 'apps');

export async function startSystem(scope: Scope, options: SystemOptions): Promise<System> {
  const partitions = options.partitions ?? PARTITIONS;
  const redis = await startPrivateRedis(scope);
  const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'bench', log: silentLog });
  scope.add(() => link.close());
  await link.ready();
  const names = serviceNames(options);
  if (!options.whole) await writeControl(link, options.symbols, partitions);
  const services = new Map(names.map((name) => [name, startService(scope, name, redis.url, options)]));
  await Promise.all([...services.values()].map(({ ready }) => ready));
  const reader = createReader(link, partitions);
  return {
    redis,
    link,
    services,
    async committedBars() {
      const stats = await reader.stageStats('strategy');
      return stats.reduce((sum, { bars }) => sum + bars, 0);
    },
    async stop() {
      await Promise.all([...services.values()].map((service) => service.stop()));
      await redis.stop();
    },
  };
}

function serviceNames({ workers, whole }: SystemOptions): string[] {
  const more = Array.from({ length: workers - 1 }, (_, i) => `calculation-worker-${i + 2}`);
  const pipeline = ['strategy-evaluator', 'calculation-worker', ...more, 'ingestion'];
  return whole ? ['api', 'alerting', ...pipeline] : pipeline;
}

function startService(scope: Scope, name: string, redisUrl: string, options: SystemOptions): Child {
  const script = join(APPS, name.replace(/-\d+$/, ''), 'main.cjs');
  if (!existsSync(script)) throw new Error(`${script} is not there; npm run bench builds it`);
  const env: Record<string, string> = {
    REDIS_URL: redisUrl,
    PARTITIONS: String(options.partitions ?? PARTITIONS),
    HEALTH_PORT: '0',
  };
  if (name === 'ingestion') {
    Object.assign(env, { MOCK_SPEED: options.speed, HISTORY_BARS: String(options.historyBars) });
  }
  if (name === 'api') {
    Object.assign(env, { API_PORT: '0', API_AUTH: 'off', WATCHLIST_SYMBOLS: options.symbols.join(',') });
  }
  const child = startChild({ name, script, env, profile: options.profile });
  scope.add(() => child.stop());
  return child;
}

/** What the api would have written: the default indicators and strategies for these symbols; nobody reads the alerts. */
async function writeControl(link: RedisLink, symbols: readonly string[], partitions: number): Promise<void> {
  const settings = settingsSchema.parse({
    watchlist: symbols.map((symbol) => ({ symbol })),
    system: { enable_alerts: false },
  });
  await claimPartitions(link, partitions);
  await createControl(link).write({ settings, updatedAt: Date.now(), updatedBy: 'bench' }, 0);
}
