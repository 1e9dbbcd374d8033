import { NODE_ENVIRONMENT, NODE_FLAGS } from '@wagehood/config';
import { until } from '@wagehood/testing';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guardOrphan } from './orphan-guard';
import { workspaceRoot } from './workspace-root';

export type ServiceName = 'ingestion' | 'calculation-worker' | 'strategy-evaluator' | 'alerting' | 'api';

/** A line of a service's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProbeReply {
  readonly status: number;
  readonly ok: boolean;
  readonly parts: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  /** The details of all parts, for messages and matches. */
  readonly text: string;
}

/** One service as its own process, from its bundle. */
export interface ServiceProcess {
  readonly name: ServiceName;
  readonly pid: number;
  readonly lines: readonly LogLine[];
  readonly stderr: () => string;
  readonly exit: Promise<Exit>;
  readonly isRunning: () => boolean;
  /** Log lines with this message. */
  logged(message: string): readonly LogLine[];
  /** Its line `ready`. @throws Error with its last words when it ends before or takes too long */
  ready(timeoutMs?: number): Promise<LogLine>;
  /** Asks its health port. */
  probe(path: '/readyz' | '/livez'): Promise<ProbeReply>;
  /** Sum over all labels of a metric; 0 if there is none of that name. */
  metric(name: string): Promise<number>;
  kill(signal?: NodeJS.Signals): Promise<Exit>;
  /** SIGTERM; how it ended and after how many ms. */
  terminate(): Promise<Exit & { readonly tookMs: number }>;
}

/**
 * Starts `dist/apps/<name>/main.cjs`, or another bundle in its place, as production does, on the Node that runs us or another. Of our own
 * environment it inherits nothing.
 */
export function startService(
  name: ServiceName,
  environment: Readonly<Record<string, string>>,
  bundle = join(workspaceRoot, 'dist/apps', name, 'main.cjs'),
  node = process.execPath,
): ServiceProcess {
  if (!existsSync(bundle)) throw new Error(`${bundle} does not exist; build it with: npx nx run-many -t build`);
  const child = spawn(node, [...NODE_FLAGS, bundle], {
    env: { ...NODE_ENVIRONMENT, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? -1;
  const endGuard = guardOrphan(pid);
  const lines: LogLine[] = [];
  let stderr = '';
  let running = true;
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(parseLine(line)));
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-10_000)));
  const exit = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => {
      running = false;
      endGuard();
      resolve({ code, signal });
    }),
  );
  const find = (message: string) => lines.find((line) => line.message === message);
  const lastWords = () => [...lines.slice(-15).map((line) => JSON.stringify(line)), stderr].join('\n');

  const awaitLine = async (message: string, timeoutMs: number): Promise<LogLine> => {
    const line = await until(() => find(message) ?? (running ? null : 'gone'), {
      timeoutMs,
      what: `${name}: ${message}`,
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${lastWords()}`, { cause: error });
    });
    if (line === 'gone') throw new Error(`${name} ended before '${message}'\n${lastWords()}`);
    return line;
  };
  const ask = async (path: string): Promise<Response> => {
    const { healthPort } = await awaitLine('starting', 15_000);
    return fetch(`http://127.0.0.1:${String(healthPort)}${path}`);
  };
  return {
    name,
    pid,
    lines,
    stderr: () => stderr,
    exit,
    isRunning: () => running,
    logged: (message) => lines.filter((line) => line.message === message),
    ready: (timeoutMs = 30_000) => awaitLine('ready', timeoutMs),
    async probe(path) {
      const response = await ask(path);
      const { ok, parts } = (await response.json()) as Pick<ProbeReply, 'ok' | 'parts'>;
      const text = parts.map((part) => `${part.name}: ${part.detail}`).join('; ');
      return { status: response.status, ok, parts, text };
    },
    async metric(metric) {
      const found = (await (await ask('/metrics')).text()).matchAll(
        new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'),
      );
      return [...found].reduce((sum, [, value]) => sum + Number(value), 0);
    },
    async kill(signal = 'SIGKILL') {
      if (running) process.kill(pid, signal);
      return exit;
    },
    async terminate() {
      const startedAt = performance.now();
      if (running) process.kill(pid, 'SIGTERM');
      return { ...(await exit), tookMs: performance.now() - startedAt };
    },
  };
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'NONE', message: line };
  }
}
