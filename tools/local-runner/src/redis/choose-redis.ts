import type { RedisSettings } from '@wagehood/config';
import { connectRedis } from '@wagehood/streams';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPrivateRedis } from './private-redis';

/** How long somebody's Redis may take to answer. */
const ANSWER_TIMEOUT_MS = 5_000;

/** The Redis of this run. */
export interface ChosenRedis {
  /** For people: `7.0.15 on 127.0.0.1:41231, data in .data/redis`. */
  readonly description: string;
  /** What the services need to reach it, on top of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves with a reason when a server of ours ends by itself. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const never = new Promise<never>(() => undefined);

/** Takes the user's Redis as it is. @throws with one line when it does not answer or refuses us */
export async function useNamedRedis(settings: RedisSettings, target: string): Promise<ChosenRedis> {
  const link = connectRedis(settings, { name: 'local-runner', log: silent });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ANSWER_TIMEOUT_MS)));
  const answered = await Promise.race([link.ready().then(() => true), timeout]);
  clearTimeout(timer);
  const { error } = link.status();
  await link.close();
  if (!answered) throw new Error(error?.replace(/; retrying$/, '') ?? `Redis at ${target} does not answer`);
  return { description: target, env: {}, died: never, stop: async () => undefined };
}

export interface OwnRedisOptions {
  readonly root: string;
  readonly folder: string;
  readonly maxMemoryBytes: number;
  /** Throw away what an earlier run left. */
  readonly empty: boolean;
  /** Hears that a server that died is started again. */
  readonly onRestart: (reason: string) => void;
}

/** Deaths in a row after which it is given up. */
const MAX_DEATHS = 3;

/** Finds or installs a server, starts a private one and starts it again when it dies. @throws with one line for the user */
export async function startOwnRedis(options: OwnRedisOptions): Promise<ChosenRedis> {
  const { root, folder, maxMemoryBytes, empty, onRestart } = options;
  const server = await locateServer(root);
  let redis = await startPrivateRedis({ server, folder, maxMemoryBytes, empty });
  const { port, version, repaired } = redis;

  const keepAlive = async (): Promise<string> => {
    for (let deaths = 1; ; deaths++) {
      const reason = await redis.died;
      if (deaths === MAX_DEATHS) return reason;
      onRestart(reason);
      redis = await startPrivateRedis({ server, folder, maxMemoryBytes, port });
    }
  };
  return {
    description: `${version} on 127.0.0.1:${port}, data in ${folder}${repaired === null ? '' : ', append-only file repaired'}`,
    env: { REDIS_URL: `redis://127.0.0.1:${port}` },
    died: keepAlive().catch((error: Error) => error.message),
    stop: () => redis.stop(),
  };
}

/** The finder is plain JavaScript because `npm test` needs it before anything is built. */
async function locateServer(root: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'tools/setup/redis.mjs')]);
    return stdout.trim();
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr?.trim() || String(error), { cause: error });
  }
}
