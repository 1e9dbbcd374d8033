import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { guardOrphan, pidFile } from './guard';
import { ended, gone, launchFirst } from './launch';
import type { RedisAddress } from './ping';

export interface StartRedisOptions {
  /** More arguments, e.g. `['--appendonly', 'yes']` or `['--maxmemory', '64mb']`. They win over the defaults. */
  readonly args?: readonly string[];
  /** Folder for data and socket; default a new temporary one, removed by `stop`. A given folder is kept. */
  readonly dir?: string;
  /** Listen on a loopback TCP port instead of a unix socket: an ephemeral one, or this one. */
  readonly port?: true | number;
  /** Configuration file in the folder, written before the first start; `args` win over it. Sentinels must have one. */
  readonly config?: string;
  /** Lines of its ACL file; the user `default` may do everything unless they say otherwise. */
  readonly users?: readonly string[];
  /** Program to start; default `redis-server`, else `valkey-server`, of PATH. */
  readonly program?: string;
}

export interface TestRedis {
  /** Path of the unix socket; empty with `port: true`. */
  readonly socket: string;
  /** `unix:///…/redis.sock` or `redis://127.0.0.1:port`: what REDIS_URL takes. */
  readonly url: string;
  /** The TCP port; null on a unix socket. */
  readonly port: number | null;
  readonly dir: string;
  /** Process id of the running server; changes with `restart`. */
  readonly pid: number;
  isRunning(): boolean;
  /** Sends a signal (default SIGKILL) and resolves once the server is gone. SIGSTOP and SIGCONT resolve at once. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again in the same folder, on the same address; ends it first (SIGTERM) when it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
}

const PROGRAMS = ['redis-server', 'valkey-server'];

/**
 * Starts a private redis-server for one test file: never shared, ready (PONG) on return, on a unix socket unless `port` is asked for.
 * Persistence is off unless `args` say otherwise. A guard process ends it even when the test process is killed.
 * @throws Error with the server's last words when it does not start.
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  if (options.dir) await mkdir(options.dir, { recursive: true });
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'wagehood-redis-')));
  const port = options.port === true ? await freePort() : (options.port ?? null);
  const socket = port === null ? join(dir, 'redis.sock') : '';
  const address: RedisAddress = port === null ? { path: socket } : { host: '127.0.0.1', port };
  const listen = port === null ? ['--port', '0', '--unixsocket', socket] : ['--port', `${port}`, '--bind', '127.0.0.1'];
  const defaults = ['--dir', dir, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const [configFile, usersFile] = [join(dir, 'redis.conf'), join(dir, 'users.acl')];
  if (options.config !== undefined) await writeFile(configFile, options.config);
  if (options.users) await writeFile(usersFile, options.users.map((line) => `${line}\n`).join(''));
  const files = options.users ? ['--aclfile', usersFile] : [];
  const config = options.config === undefined ? [] : [configFile];
  const args = [...config, ...listen, ...defaults, ...files, ...(options.args ?? [])];

  const endGuard = guardOrphan(dir, options.dir !== undefined);
  const start = async () => {
    const started = await launchFirst(options.program ? [options.program] : PROGRAMS, args, address);
    await writeFile(pidFile(dir), `${started.pid}`);
    return started;
  };
  const clear = async () => {
    endGuard();
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  let child = await start().catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  let stopped = false;

  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (gone(child)) return;
    child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    await ended(child);
    await rm(pidFile(dir), { force: true });
  };
  return {
    socket,
    url: port === null ? `unix://${socket}` : `redis://127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return child.pid ?? -1;
    },
    isRunning: () => !gone(child),
    kill,
    async restart() {
      await kill('SIGTERM');
      child = await start();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await kill('SIGKILL');
      await clear();
    },
  };
}
