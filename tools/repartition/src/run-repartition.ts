import { setTimeout as delay } from 'node:timers/promises';
import { formatFaults, loadEnv, redisEnv, type EnvSource, type ReadText, type RedisSettings } from '@wagehood/config';
import { connectRedis, describeTarget, repartition, silentLog, StartError, type RepartitionReport } from '@wagehood/streams'; // prettier-ignore
import type { Flags } from './flags';

const PATIENCE_MS = 10_000;

/** Where Redis is, as the services would read it. @throws Error with the faults */
export function redisOf({ redisUrl }: Flags, environment: EnvSource, readText: ReadText): RedisSettings {
  const source = redisUrl === null ? environment : { ...withoutPlace(environment), REDIS_URL: redisUrl };
  const env = loadEnv({ redis: redisEnv }, source, readText);
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  return env.value.redis as RedisSettings;
}

/** Credentials and TLS go with any address; another address does not. */
const withoutPlace = (environment: EnvSource): EnvSource => ({
  ...environment,
  ...{ REDIS_CLUSTER_NODES: undefined, REDIS_SENTINELS: undefined, REDIS_SENTINEL_NAME: undefined },
});

/** @throws Error with one readable line */
export async function runRepartition(
  flags: Flags,
  settings: RedisSettings,
  say: (line: string) => void,
): Promise<RepartitionReport> {
  const link = connectRedis(settings, { name: 'repartition', log: silentLog });
  try {
    const here = await Promise.race([link.ready().then(() => true), delay(PATIENCE_MS, false, { ref: false })]);
    if (!here) throw new StartError(link.status().error ?? `Redis at ${describeTarget(settings)} does not answer`);
    const { to, dryRun, abort } = flags;
    const report = await repartition({ link, to, dryRun, abort, say });
    for (const line of summary(report)) say(line);
    return report;
  } finally {
    await link.close();
  }
}

export function summary({ from, to, outcome, moved }: RepartitionReport): string[] {
  if (outcome === 'already') return [`there are ${to} partitions already; nothing to do`];
  if (outcome === 'aborted') return [`given up: there are ${from} partitions as before`];
  if (outcome === 'moved') return [`${from} → ${to} partitions; start the services with PARTITIONS=${to}`];
  const kinds = Array.from(moved, ([kind, { items, bytes }]) => `  ${kind}: ${items} (${bytes} bytes)`);
  return [`${from} → ${to} partitions could be done now; it would move`, ...kinds];
}
