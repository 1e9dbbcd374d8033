import { ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { servesCommands } from './ask-redis';
import { notePort, refuseSecondServer } from './folder-lock';
import { freePort } from './free-port';
import { repairAof } from './repair-aof';

/** Loading a large append-only file takes a while; a server that has died is noticed at once. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 800;
/** How long the guard leaves the services when the runner has died: they end by themselves within that time. */
const GUARD_GRACE_S = 5;

export interface PrivateRedis {
  readonly port: number;
  readonly pid: number;
  /** `7.0.15` */
  readonly version: string;
  /** What was repaired in the append-only file before the start, or null. */
  readonly repaired: string | null;
  /** Resolves with a reason when the server ends without being asked to. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

export interface PrivateRedisOptions {
  readonly server: string;
  readonly folder: string;
  readonly maxMemoryBytes: number;
  /** Default: any free one. */
  readonly port?: number;
  /** Throw away what an earlier run left in the folder. */
  readonly empty?: boolean;
}

/** Starts a Redis of our own: loopback, ephemeral port, append-only file in `folder`, never evicts. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { server, folder, maxMemoryBytes, empty = false } = options;
  const version = await serverVersion(server);
  mkdirSync(folder, { recursive: true });
  await refuseSecondServer(folder);
  if (empty) rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
  const repaired = await repairAof(server, folder);
  const port = options.port ?? (await freePort());
  const child = spawn(server, redisArguments(port, folder, maxMemoryBytes), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is for the runner; Redis goes last
  });
  const ended = lastWords(child);
  await untilServing(port, ended);
  const pid = child.pid ?? 0;
  notePort(folder, port);
  const guard = guardAgainstOrphan(pid);
  let stopping = false;
  return {
    port,
    pid,
    version,
    repaired,
    died: ended.then((words) => (stopping ? new Promise<never>(() => undefined) : words)),
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const lastResort = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(lastResort);
      await guard.dismiss();
    },
  };
}

function redisArguments(port: number, folder: string, maxMemoryBytes: number): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    dir: resolve(folder),
    appendonly: 'yes',
    // A rewrite of the log is a second process at full speed: rarely, and without compressing what is rewritten soon.
    'auto-aof-rewrite-min-size': '1gb',
    'auto-aof-rewrite-percentage': '300',
    rdbcompression: 'no',
    appendfsync: 'everysec',
    save: '',
    maxmemory: String(maxMemoryBytes),
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    loglevel: 'notice',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function serverVersion(server: string): Promise<string> {
  const { stdout } = await promisify(execFile)(server, ['--version']);
  const version = /v=(\d+(?:\.\d+)*)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${server} does not say its version`);
  if (Number(version.split('.')[0]) < 7) throw new Error(`${server} is version ${version}; 7 or newer is needed`);
  return version;
}

async function untilServing(port: number, ended: Promise<string>): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let words: string | null = null;
  void ended.then((last) => (words = last));
  while (!(await servesCommands(port))) {
    if (words !== null) throw new Error(`Redis did not start: ${words}`);
    if (Date.now() > deadline) throw new Error(`Redis did not answer within ${START_TIMEOUT_MS / 1000} s`);
    await delay(25);
  }
}

/** Resolves when the process is gone, with the last thing it said. */
function lastWords(child: ChildProcess): Promise<string> {
  let last = '';
  const listen = (chunk: Buffer) => (last = chunk.toString().trim().split('\n').at(-1) || last);
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  return new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', (code, signal) => done(last || `ended with ${signal ?? `exit code ${code}`}`));
  });
}

/** A shell that waits for the end of its input, which is the end of this process however it comes, and then stops Redis. */
function guardAgainstOrphan(pid: number): { dismiss(): Promise<void> } {
  const script = 'cat >/dev/null; sleep "$2"; kill "$1" 2>/dev/null';
  const guard = spawn('sh', ['-c', script, 'redis-guard', String(pid), String(GUARD_GRACE_S)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = new Promise<void>((done) => {
    guard.once('error', () => done()); // no shell, no guard
    guard.once('close', () => done());
  });
  return {
    dismiss() {
      const running = guard.pid !== undefined && guard.exitCode === null && guard.signalCode === null;
      if (running) process.kill(-(guard.pid as number), 'SIGKILL'); // the shell and whatever it runs
      return gone;
    },
  };
}
