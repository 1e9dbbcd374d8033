import { until } from '@wagehood/testing';
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Fixture {
  /** Lines of standard output that are JSON. */
  lines(): Record<string, unknown>[];
  /** All of standard output. */
  output(): string;
  errors(): string;
  line(message: string): Promise<Record<string, unknown>>;
  get(path: string): Promise<Response>;
  signal(signal: NodeJS.Signals): void;
  exit(): Promise<number | null>;
}

/** Bundles the fixture service once; `run` starts it as a real process. `remove` deletes the bundle. */
export function bundleFixture(): { run(env: Record<string, string>): Fixture; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-service-'));
  const outfile = join(folder, 'fixture.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'fixture-service.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    tsconfig: join(__dirname, '../../../../tsconfig.base.json'),
    logLevel: 'error',
  });
  return { run: (env) => runFixture(outfile, env), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function runFixture(file: string, env: Record<string, string>): Fixture {
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
    until(() => lines().find((candidate) => candidate['message'] === message), { what: `line "${message}"` });
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
