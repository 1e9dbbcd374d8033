import { ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@wagehood/config';
import { parseLogLine } from '../log/log-line';
import { ServiceSpec, ServiceState, ServiceStatus } from './service-spec';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** A process that lived this long starts over with the shortest delay. */
const STEADY_MS = 30_000;
/** A process that never got ready is tried this often: what stops a start does not heal by repetition. */
const START_ATTEMPTS = 3;

/** Milliseconds before the n-th restart in a row (n from 1). */
export const restartDelayMs = (attempt: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);

export interface ServiceEvents {
  readonly onLine: (spec: ServiceSpec, line: string) => void;
  readonly onChange: (status: ServiceStatus) => void;
}

/** Keeps one process of ours alive until it is stopped. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private state: ServiceState = 'stopped';
  private restarts = 0;
  private inARow = 0;
  private wasReady = false;
  private startedAt = 0;
  private ready: Record<string, unknown> = {};
  private problem: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly gone: (() => void)[] = [];

  constructor(
    readonly spec: ServiceSpec,
    private readonly events: ServiceEvents,
  ) {}

  status(): ServiceStatus {
    const { name, component } = this.spec;
    const { state, restarts, ready, problem } = this;
    return { name, component, state, pid: this.child?.pid ?? null, restarts, ready, problem };
  }

  start(): void {
    this.startedAt = Date.now();
    this.ready = {};
    // A group of its own, so that Ctrl-C reaches the runner alone and the runner decides who stops when. The IPC channel
    // carries nothing: its end tells the service that the runner is gone, whatever became of the runner.
    const child = spawn(process.execPath, [...NODE_FLAGS, this.spec.script], {
      env: { ...NODE_ENVIRONMENT, ...this.spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.handleLine(line));
    }
    child.on('error', (error) => (this.problem = error.message));
    child.once('close', (code, signal) => this.handleExit(code, signal));
    this.change('starting');
  }

  /** Asks the process to leave; resolves when it is gone. */
  stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    if (!this.child) {
      this.change('stopped');
      return Promise.resolve();
    }
    this.change('stopping');
    return new Promise((resolve) => {
      this.gone.push(resolve);
      this.child?.kill('SIGTERM');
    });
  }

  /** The last resort. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private handleLine(line: string): void {
    if (line === '') return;
    this.events.onLine(this.spec, line);
    const parsed = parseLogLine(line);
    if (parsed?.['level'] === 'ERROR' || parsed === null) this.problem = String(parsed?.['message'] ?? line);
    if (parsed?.['message'] === 'ready' && this.state === 'starting') {
      this.ready = parsed;
      this.wasReady = true;
      this.problem = null;
      this.change('ready');
    }
  }

  private handleExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.child = null;
    if (this.state === 'stopping') {
      this.change('stopped');
      this.gone.splice(0).forEach((resolve) => resolve());
      return;
    }
    this.inARow = Date.now() - this.startedAt > STEADY_MS ? 1 : this.inARow + 1;
    const how = signal ? `was killed by ${signal}` : `left with exit code ${code ?? 1}`;
    this.problem = this.problem ? `${how}: ${this.problem}` : how;
    if (!this.wasReady && this.inARow >= START_ATTEMPTS) return this.change('failed');
    this.restarts += 1;
    this.change('restarting');
    this.timer = setTimeout(() => this.start(), restartDelayMs(this.inARow));
  }

  private change(state: ServiceState): void {
    this.state = state;
    this.events.onChange(this.status());
  }
}
