import type { HttpSignal, StatsResponse } from '@wagehood/contracts';
import { join } from 'node:path';
import { chooseApiPort, reachable } from './api-port';
import { followApi, signalsOf, type ApiFeed } from './feed/api-feed';
import type { LogFile } from './log/log-file';
import { parseLogLine } from './log/log-line';
import { isAtLeast } from './log/log-level';
import { roster } from './process/roster';
import type { ServiceSpec, ServiceStatus } from './process/service-spec';
import { createSupervisor, type Supervisor } from './process/supervisor';
import { startOwnRedis, useNamedRedis, type ChosenRedis } from './redis/choose-redis';
import { replayReport } from './replay/report';
import { watchReplay } from './replay/watch-replay';
import type { Run } from './settings/load-run';
import { namesRedis } from './settings/runner-env';
import type { Picture } from './view/picture';
import type { View } from './view/view';

const KEPT_SIGNALS = 50;
const KEPT_NOTES = 20;
const REPORT_SIGNALS = 1000;

export interface SessionOptions {
  readonly run: Run;
  readonly root: string;
  readonly dataFolder: string;
  readonly exitWhenDone: boolean;
  readonly log: LogFile;
  readonly view: View;
  /** Asked for once, when the session wants to end by itself. */
  readonly onEnd: (code: 0 | 1) => void;
}

/**
 * One run of the whole system on this machine:
 *
 *   Redis ──► processes come up ──► live picture ──stop()──► feeders stop, then the fed, then Redis
 */
export class Session {
  private readonly startedAt = performance.now();
  private redis: ChosenRedis | null = null;
  private supervisor: Supervisor | null = null;
  private feed: ApiFeed | null = null;
  private stats: StatsResponse | null = null;
  private signals: HttpSignal[] = [];
  private notes: string[] = [];
  private apiUrl = '';
  private stopping = false;
  private live = false;
  private readonly replay = watchReplay(() => void this.reportReplay());

  constructor(private readonly options: SessionOptions) {}

  /** @throws with one line for the user when Redis or the port is not to be had */
  async start(): Promise<void> {
    const { run, view } = this.options;
    const { host, port } = run.env.api;
    const asked = run.environment['API_PORT']?.trim() ? port : null;
    const api = await chooseApiPort(host, asked);
    if (api.note) view.say(`  ! ${api.note}`);
    this.apiUrl = `http://${reachable(host)}:${api.port}`;
    this.redis = await this.openRedis();
    if (this.stopping) return;
    view.say(`  ✔ Redis ${this.redis.description}`);
    void this.redis.died.then((reason) => this.fail(`Redis ended: ${reason}`));
    this.startServices({ ...run.environment, ...this.redis.env, API_PORT: String(api.port) });
  }

  /** Stops everything in order; resolves when no process is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.feed?.stop();
    this.options.view.end();
    await this.supervisor?.stop();
    await this.redis?.stop();
  }

  private openRedis(): Promise<ChosenRedis> {
    const { run, root, dataFolder } = this.options;
    if (namesRedis(run.environment)) {
      const { url, host, port } = run.env.redis;
      return useNamedRedis(run.env.redis, url?.replace(/\/\/[^@/]*@/, '//***@') ?? `${host}:${port}`);
    }
    return startOwnRedis({
      root,
      // A replay shows what comes out of recorded bars alone, each time anew.
      folder: join(dataFolder, run.isReplay ? 'replay' : 'redis'),
      empty: run.isReplay,
      maxMemoryBytes: run.env.redisMemory,
      onRestart: (reason) => this.note('ERROR', `Redis ended (${reason}) and is started again`),
    });
  }

  private startServices(env: Readonly<Record<string, string | undefined>>): void {
    const { run, root, view } = this.options;
    const { calculation_workers: workers, enable_alerts: alerts } = run.settings.system;
    // The line "ready" is written at level info, whatever the log file is to hold.
    const level = run.env.log.level === 'debug' ? 'debug' : 'info';
    const specs = roster({ root, workers, alerts, env: { ...env, LOG_LEVEL: level } });
    view.say(`  … starting ${specs.length} processes`);
    this.supervisor = createSupervisor(specs, {
      onLine: (spec, line) => this.handleLine(spec, line),
      onChange: (status) => this.handleChange(status),
    });
    this.supervisor.start();
  }

  private handleLine(spec: ServiceSpec, line: string): void {
    const { log, run } = this.options;
    const parsed = parseLogLine(line);
    if (isAtLeast(parsed?.['level'], run.env.log.level)) log.line(spec, line);
    if (spec.component === 'MarketDataIngestion') this.replay.onMessage(String(parsed?.['message'] ?? ''));
  }

  private handleChange(status: ServiceStatus): void {
    const { name, state, problem } = status;
    if (state === 'ready' && !this.live) this.options.view.say(`  ✔ ${name} ready after ${this.elapsed()} s`);
    if (state === 'restarting') this.note('WARN', `${name} ${problem ?? 'ended'}; it is started again`);
    if (state === 'failed') this.fail(`${name} does not start: ${problem ?? 'no reason given'}`);
    const all = this.supervisor?.statuses() ?? [];
    if (!this.live && all.length > 0 && all.every((service) => service.state === 'ready')) this.goLive();
  }

  private goLive(): void {
    if (this.stopping) return;
    this.live = true;
    const { view, log } = this.options;
    view.say(`  ✔ up after ${this.elapsed()} s: ${this.apiUrl}/docs`);
    log.note('INFO', 'everything is up', { seconds: Number(this.elapsed()), api: this.apiUrl });
    this.feed = followApi(`${this.apiUrl}/api/v1/realtime`, {
      onStats: (stats) => {
        this.stats = stats;
        this.replay.onStats(stats);
      },
      onSignal: (signal) => this.handleSignal(signal),
    });
    view.begin(() => this.picture());
  }

  private handleSignal(signal: HttpSignal): void {
    if (signal.backfilled) return; // computed on history, before we looked
    this.signals = [signal, ...this.signals].slice(0, KEPT_SIGNALS);
    this.options.view.signal(signal);
  }

  private async reportReplay(): Promise<void> {
    const { run, view, exitWhenDone, onEnd } = this.options;
    const symbols = run.settings.watchlist.filter(({ enabled }) => enabled).map(({ symbol }) => symbol);
    const base = `${this.apiUrl}/api/v1/realtime`;
    const found = await Promise.all(symbols.map((symbol) => signalsOf(base, symbol, REPORT_SIGNALS).catch(() => [])));
    const lines = replayReport(symbols, this.stats?.bars ?? 0, found.flat());
    view.end();
    lines.forEach((line) => view.say(line));
    if (exitWhenDone) return onEnd(0);
    view.say(`Everything stays up until Ctrl-C: ${this.apiUrl}/docs`);
    view.begin(() => this.picture());
  }

  private fail(reason: string): void {
    if (this.stopping) return;
    this.note('ERROR', reason);
    this.options.view.end();
    this.options.view.say(`  ✘ ${reason}`);
    this.options.onEnd(1);
  }

  private note(level: 'WARN' | 'ERROR', text: string): void {
    this.options.log.note(level, text);
    this.notes = [`! ${text}`, ...this.notes].slice(0, KEPT_NOTES);
    this.options.view.say(`  ! ${text}`);
  }

  private picture(): Picture {
    return {
      upSeconds: (performance.now() - this.startedAt) / 1000,
      apiUrl: this.apiUrl,
      redis: this.redis?.description ?? '',
      logFile: this.options.log.path,
      services: this.supervisor?.statuses() ?? [],
      stats: this.stats,
      signals: this.signals,
      notes: this.notes,
    };
  }

  private elapsed(): string {
    return ((performance.now() - this.startedAt) / 1000).toFixed(1);
  }
}
