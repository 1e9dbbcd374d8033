import { formatFaults, loadEnv, settingsSchema, type SettingsInput } from '@wagehood/config';
import { parseBarEvents, type BarEvent } from '@wagehood/contracts';
import { createMetrics, type Metrics, type Part } from '@wagehood/service';
import { connectRedis, createControl, partitionTags, silentLog, streamKey, type RedisLink } from '@wagehood/streams';
import { randomUUID } from 'node:crypto';
import { buildIngestion } from '../app';
import { ingestionEnv } from '../env';
import { recordingLog } from './recording-log';

export interface RunningIngestion {
  readonly parts: readonly Part[];
  readonly metrics: Metrics;
  /** Log messages, newest last. */
  readonly lines: string[];
  /** Resolves when all parts have started. */
  readonly started: Promise<void>;
  part(name: string): Part;
  stop(): Promise<void>;
}

/** Builds and starts the app inside the test, as `runService` would in a process. */
export function startIngestion(redisUrl: string, environment: Record<string, string> = {}): RunningIngestion {
  const source = { REDIS_URL: redisUrl, PARTITIONS: '4', ...environment };
  const env = loadEnv(ingestionEnv, source, () => '');
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  const lines: string[] = [];
  const log = recordingLog(lines);
  const metrics = createMetrics({ service: 'ingestion', defaults: false });
  const parts = buildIngestion({
    name: 'ingestion',
    id: randomUUID(),
    env: env.value,
    log,
    metrics,
    fatal: (message) => void lines.push(`FATAL ${message}`),
  });
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
    parts,
    metrics,
    lines,
    started,
    part(name) {
      const part = parts.find((candidate) => candidate.name === name);
      if (!part) throw new Error(`no part ${name}`);
      return part;
    },
    async stop() {
      isStopping = true;
      for (const part of touched.splice(0).reverse()) await part.stop?.();
    },
  };
}

/** Plays the api: writes the configuration that everybody follows. */
export function configurator(redisUrl: string) {
  const link = connectRedis({ url: redisUrl } as never, { name: 'test', log: silentLog });
  const control = createControl(link);
  return {
    link,
    async write(settings: SettingsInput): Promise<void> {
      const current = (await control.read())?.version ?? 0;
      const next = { settings: settingsSchema.parse(settings), updatedBy: 'test', updatedAt: Date.now() };
      const { ok } = await control.write(next, current);
      if (!ok) throw new Error('somebody else writes the configuration');
    },
    close: () => link.close(),
  };
}

export interface LoggedEntry {
  readonly offset: number;
  readonly kind: string;
  readonly data: string;
}

/** All entries of every partition's log. */
export async function readLogs(link: RedisLink, partitions = 4): Promise<LoggedEntry[][]> {
  return Promise.all(
    partitionTags(partitions).map(async (tag) => {
      const entries = await link.commands.xrange(streamKey('market_data_stream', tag), '-', '+');
      return entries.map(([id, fields]) => {
        const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
        return { offset: Number(id.split('-')[0]), kind: field('kind'), data: field('data') };
      });
    }),
  );
}

/** Final bars of a symbol in the order of the log. */
export async function loggedBars(link: RedisLink, symbol: string): Promise<BarEvent[]> {
  const logs = await readLogs(link);
  return logs
    .flat()
    .filter(({ kind }) => kind === 'bar')
    .flatMap(({ data }) => {
      const parsed = parseBarEvents(data);
      return parsed.ok ? parsed.value.values : [];
    })
    .filter((bar) => bar.symbol === symbol && bar.isFinal);
}
