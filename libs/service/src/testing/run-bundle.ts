import { until } from '@wagehood/testing';
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A service as a process of its own, as a test sees it. */
export interface RunningService {
  /** Lines of standard output that are JSON. */
  lines(): Record<string, unknown>[];
  /** All of standard output. */
  output(): string;
  errors(): string;
  /** The first line with this message, once it is there. */
  line(message: string): Promise<Record<string, unknown>>;
  /** Asks its health port. */
  get(path: string): Promise<Response>;
  signal(signal: NodeJS.Signals): void;
  exit(): Promise<number | null>;
}

export interface Bundle {
  /** Starts it with nothing but `env`, on any health port. */
  run(env: Record<string, string>): RunningService;
  /** Deletes the bundle and ends what still runs. */
  remove(): void;
}

/** Bundles the main file of a service once, into a folder of its own. */
export function bundleService(entryPoint: string): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-service-'));
  const outfile = join(folder, 'main.cjs');
  buildSync({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    loader: { '.lua': 'text' },
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
    logLevel: 'error',
  });
  const running: RunningService[] = [];
  return {
    run(env) {
      const service = runFile(outfile, env);
      running.push(service);
      return service;
    },
    remove() {
      for (const service of running) service.signal('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function runFile(file: string, env: Record<string, string>): RunningService {
  const child = spawn(process.execPath, [file], {
    env: { HEALTH_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  const lines = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const line = (message: string) =>
    until(() => lines().find((candidate) => candidate['message'] === message), {
      what: `line "${message}"`,
      timeoutMs: 15_000,
    });
  return {
    lines,
    output: () => output,
    errors: () => errors,
    line,
    async get(path) {
      const { healthPort } = await line('starting');
      return fetch(`http://127.0.0.1:${healthPort}${path}`);
    },
    signal: (signal) => void child.kill(signal),
    exit: () => closed,
  };
}
