import { loadEnv } from '@wagehood/config';
import { createMetrics, silentLogger, type Logger, type Part } from '@wagehood/service';
import { buildApi } from '../app';
import { apiServiceEnv } from '../env';

export interface RunningApi {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** The origin and `/api/v1/realtime`. */
  readonly base: string;
  part(name: string): Part;
  /** What /metrics says. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: Logger;
  /** False: do not wait for the parts that need Redis. */
  readonly wait?: boolean;
}

/** The api as main.ts runs it, inside the test's process, on a port of its own. */
export async function runApi(
  redisUrl: string,
  { environment, log = silentLogger, wait = true }: RunOptions = {},
): Promise<RunningApi> {
  const source = {
    REDIS_URL: redisUrl,
    API_AUTH: 'off',
    API_PORT: '0',
    HEALTH_PORT: '0',
    PARTITIONS: '4',
    ...environment,
  };
  const env = loadEnv(apiServiceEnv, source, () => '');
  if (!env.ok) throw new Error(env.faults.map(({ path, message }) => `${path}: ${message}`).join('; '));
  const metrics = createMetrics({ service: 'api', defaults: false });
  const parts = buildApi({
    name: 'api',
    id: 'test',
    env: env.value,
    log,
    metrics,
    fatal: (message) => log.error(message),
  });
  const part = (name: string): Part => parts.find((each) => each.name === name) as Part;
  const stop = async (): Promise<void> => {
    for (const each of [...parts].reverse()) await each.stop?.();
  };
  try {
    for (const each of parts) {
      const starting = Promise.resolve(each.start?.());
      if (wait) await starting;
      else await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const origin = `http://127.0.0.1:${String(part('http').announce?.()['apiPort'])}`;
  return { origin, base: `${origin}/api/v1/realtime`, part, metrics: () => metrics.text(), stop };
}
