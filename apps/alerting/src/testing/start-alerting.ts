import {
  formatFaults,
  loadEnv,
  namedSecrets,
  settingsSchema,
  type RedisSettings,
  type SettingsInput,
} from '@wagehood/config';
import { parseAlerts, type Alert, type AlertCommand, type ControlDocument, type Signal } from '@wagehood/contracts';
import { createMetrics, type Logger, type Metrics, type Part } from '@wagehood/service';
import {
  connectRedis,
  createAlertCommands,
  createControl,
  createReader,
  partitionOf,
  partitionTags,
  silentLog,
  stageKey,
  streamKey,
  type RedisLink,
} from '@wagehood/streams';
import { randomUUID } from 'node:crypto';
import { buildAlerting } from '../app';
import { alertingEnv } from '../env';
import type { WatchPace } from '../system-watch';

const PARTITIONS = 4;

export interface LogLine {
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

export interface RunningAlerting {
  readonly lines: LogLine[];
  readonly metrics: Metrics;
  readonly parts: readonly Part[];
  readonly started: Promise<void>;
  /** True when every part says that it is ready. */
  ready(): boolean;
  stop(): Promise<void>;
}

/** Builds and starts the app inside the test, as `runService` would in a process. */
export function startAlerting(
  redisUrl: string,
  environment: Record<string, string> = {},
  pace?: WatchPace,
): RunningAlerting {
  const source = { REDIS_URL: redisUrl, PARTITIONS: `${PARTITIONS}`, ALERT_BACKOFF_MS: '20', ...environment };
  const env = loadEnv(alertingEnv, source, () => '');
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  const lines: LogLine[] = [];
  const metrics = createMetrics({ service: 'alerting', defaults: false });
  const deps = {
    name: 'alerting',
    id: randomUUID(),
    env: env.value,
    log: recordingLog(lines),
    metrics,
    fatal: () => undefined,
  };
  const parts = buildAlerting(
    deps,
    namedSecrets(source, () => ''),
    pace,
  );
  const touched: Part[] = [];
  let isStopping = false;
  const started = (async () => {
    for (const part of parts) {
      if (isStopping) return;
      touched.push(part);
      await part.start?.();
    }
  })();
  return {
    lines,
    metrics,
    parts,
    started,
    ready: () => touched.length === parts.length && parts.every((part) => part.ready?.().ok ?? true),
    async stop() {
      isStopping = true;
      for (const part of touched.splice(0).reverse()) await part.stop?.();
    },
  };
}

function recordingLog(lines: LogLine[]): Logger {
  const keep = (message: string, fields: object = {}) => void lines.push({ message, fields: { ...fields } });
  const log: Logger = { debug: () => undefined, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}

/** Plays everybody upstream: the api that writes the configuration, and the evaluator that writes signals. */
export interface Upstream {
  readonly link: RedisLink;
  configure(settings: SettingsInput): Promise<ControlDocument>;
  /** Appends one entry of signals to the partition of each symbol, as the evaluator's commit does. */
  emit(...signals: readonly Signal[]): Promise<void>;
  /** Appends an entry of another kind to the partition of a symbol, as the evaluator passes it on. */
  forward(symbol: string, kind: 'gap' | 'system', message: unknown): Promise<void>;
  /** Alerts in alert_stream, partition by partition. */
  alerts(): Promise<Alert[]>;
  /** Alerts that were given up. */
  undelivered(): Promise<Alert[]>;
  /** Asks something of alerting, as the api does. */
  command(command: AlertCommand): Promise<void>;
  close(): Promise<void>;
}

export function createUpstream(redisUrl: string): Upstream {
  const link = connectRedis({ url: redisUrl } as RedisSettings, { name: 'test', log: silentLog });
  const control = createControl(link);
  const tags = partitionTags(PARTITIONS);

  const append = async (tag: string, kind: string, json: string, count: number): Promise<void> => {
    const key = stageKey('strategy', tag);
    const out = await link.commands.hincrby(key, 'out', 1);
    const bars = await link.commands.hincrby(key, 'outBars', count);
    const fields = ['kind', kind, 'data', json, 'token', `${Date.now() * 1000 + out}`, 'bars', `${bars}`];
    await link.commands.xadd(streamKey('signal_stream', tag), `${out}-0`, ...fields);
  };
  return {
    link,
    async configure(settings) {
      const version = (await control.read())?.version ?? 0;
      const next = { settings: settingsSchema.parse(settings), updatedBy: 'test', updatedAt: Date.now() };
      await control.write(next, version);
      const document: ControlDocument = { version: version + 1, ...next };
      for (const tag of tags) await append(tag, 'control', JSON.stringify(document), 0);
      return document;
    },
    async emit(...signals) {
      for (const [partition, tag] of tags.entries()) {
        const here = signals.filter(({ symbol }) => partitionOf(symbol, PARTITIONS) === partition);
        if (here.length > 0) await append(tag, 'signal', JSON.stringify(here), here.length);
      }
    },
    forward: (symbol, kind, message) =>
      append(tags[partitionOf(symbol, PARTITIONS)] as string, kind, JSON.stringify(message), 0),
    async alerts() {
      const found: Alert[] = [];
      for (const tag of tags) {
        for (const [, fields] of await link.commands.xrange(streamKey('alert_stream', tag), '-', '+')) {
          if (fields[fields.indexOf('kind') + 1] !== 'alert') continue;
          const parsed = parseAlerts(fields[fields.indexOf('data') + 1] ?? '');
          if (parsed.ok) found.push(...(parsed.value.values as Alert[]));
        }
      }
      return found;
    },
    undelivered: async () =>
      (await createReader(link, PARTITIONS).undeliveredAlerts()).map((json) => JSON.parse(json) as Alert),
    command: (command) => createAlertCommands(link).send(command),
    close: () => link.close(),
  };
}
