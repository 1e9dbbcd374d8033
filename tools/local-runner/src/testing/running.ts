import { until } from '@wagehood/testing';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseLogLine } from '../log/log-line';
import { isAlive } from './fake-service';

const root = resolve(__dirname, '../../../..');

/** The built runner in a folder of its own, as `npm start` would run it. */
export interface Running {
  readonly pid: number;
  output(): string;
  /** Every line of the log file, parsed. */
  log(): readonly Record<string, unknown>[];
  /** Processes that it has started and that are alive. */
  children(): readonly number[];
  /** Waits for a line of output. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  apiUrl(): string;
  kill(signal: NodeJS.Signals): void;
  /** Exit code; null when it was killed. */
  readonly exit: Promise<number | null>;
  /** Ends it if need be and removes its folder. */
  clean(): Promise<void>;
}

/** `parent`: as npm does it, with a process in between, which `kill` then hits. */
export function runRunner(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  parent: readonly string[] = [],
): Running {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-run-'));
  const main = join(root, 'dist/tools/local-runner/main.cjs');
  const [command = '', ...rest] = [...parent, process.execPath, main, '--data-dir', 'data', ...args];
  const child: ChildProcess = spawn(command, rest, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const pid = child.pid as number;
  const find = (pattern: RegExp) => output.split('\n').find((line) => pattern.test(line));
  return {
    pid,
    exit,
    output: () => output,
    log: () => logLines(folder),
    children: () => childrenOf(parent.length === 0 ? pid : (childrenOf(pid)[0] ?? 0)),
    line: (pattern, timeoutMs = 30_000) =>
      until(() => find(pattern), { timeoutMs, what: `${pattern} in:\n${output}\n` }),
    apiUrl: () => /http:\/\/[\d.:]+/.exec(find(/up after/) ?? '')?.[0] ?? '',
    kill: (signal) => void child.kill(signal),
    async clean() {
      if (isAlive(pid)) child.kill('SIGTERM');
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function logLines(folder: string): Record<string, unknown>[] {
  const file = readdirSync(folder).find((name) => /^realtime_processor_\d{8}_\d{6}\.log$/.test(name));
  if (file === undefined) return [];
  const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const parsed = parseLogLine(line);
    if (parsed === null) throw new Error(`not a JSON object: ${line}`);
    return parsed;
  });
}

function childrenOf(pid: number): number[] {
  try {
    const list = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return list.split('\n').filter(Boolean).map(Number);
  } catch {
    return []; // pgrep has found none
  }
}
