import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ping, type RedisAddress } from './ping';

/** Long enough for a large append-only file on a busy machine. */
const START_TIMEOUT_MS = 60_000;

export const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

export const ended = (child: ChildProcess) =>
  gone(child) ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));

const missing = (error: Error | null) => (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';

/** Starts the program and waits for PONG; null when there is no such program. */
async function launch(program: string, args: readonly string[], address: RedisAddress): Promise<ChildProcess | null> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let failure: Error | null = null;
  child.once('error', (error) => (failure = error));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await ping(address))) {
    if (missing(failure)) return null;
    if (failure || gone(child)) throw new Error(`startRedis: ${program} did not start\n${said}`, { cause: failure });
    if (performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`startRedis: ${program} did not answer PING in time\n${said}`);
    }
    await pause(5);
  }
  child.unref();
  return child;
}

/**
 * Starts the first of these programs that exists and resolves once it answers PING.
 * @throws Error with its last words when it does not
 */
export async function launchFirst(
  programs: readonly string[],
  args: readonly string[],
  address: RedisAddress,
): Promise<ChildProcess> {
  for (const program of programs) {
    const child = await launch(program, args, address);
    if (child) return child;
  }
  throw new Error(`startRedis: ${programs.join(' or ')} is not on PATH`);
}
