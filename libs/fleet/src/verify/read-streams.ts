import {
  readBatch,
  type BarEvent,
  type CalculationEvent,
  type ControlDocument,
  type CorrectionEntry,
  type CorrectionEvents,
  type Signal,
  type WarmupEntry,
  type WarmupEvents,
} from '@wagehood/contracts';
import { isTimeframe } from '@wagehood/market';
import { partitionTags, streamKey, logEntry, type LogEntry, type RedisLink, type StreamName } from '@wagehood/streams';

/** Everything that the streams of one partition hold. */
export interface PartitionLog {
  readonly partition: number;
  readonly input: readonly LogEntry[];
  readonly events: readonly LogEntry[];
  readonly signals: readonly LogEntry[];
}

const PAGE = 500;

/** Reads all streams of all partitions from their first entry to their last. */
export async function readPartitions(link: RedisLink, partitions: number): Promise<PartitionLog[]> {
  const logs: PartitionLog[] = [];
  for (const [partition, tag] of partitionTags(partitions).entries()) {
    const [input, events, signals] = await Promise.all([
      readStream(link, 'market_data_stream', tag),
      readStream(link, 'calculation_events_stream', tag),
      readStream(link, 'signal_stream', tag),
    ]);
    logs.push({ partition, input, events, signals });
  }
  return logs;
}

/**
 * Entries of a stream behind an offset.
 * @throws Error unless they are numbered on from there without a hole: nothing was trimmed before we came, nothing written past
 * the protocol
 */
export async function readStream(link: RedisLink, stream: StreamName, tag: string, after = 0): Promise<LogEntry[]> {
  const key = streamKey(stream, tag);
  const raw = await readRaw(link, key, `(${after}-0`);
  return raw.map(([id, fields], i) => {
    const due = after + i + 1;
    if (id !== `${due}-0`) throw new Error(`${key}: entry ${id} where ${due}-0 was due`);
    return toEntry(due, fields);
  });
}

/** The same for streams of others, whose entries have any ids: they are numbered as they come. */
export async function readForeignStream(
  link: RedisLink,
  stream: StreamName,
  tag: string,
  after = 0,
): Promise<LogEntry[]> {
  const raw = await readRaw(link, streamKey(stream, tag), '-');
  return raw.map(([, fields], i) => toEntry(i + 1, fields)).slice(after);
}

type RawEntry = readonly [id: string, fields: readonly string[]];

async function readRaw(link: RedisLink, key: string, from: string): Promise<RawEntry[]> {
  const entries: RawEntry[] = [];
  for (let start = from; ;) {
    const page = await link.commands.xrange(key, start, '+', 'COUNT', PAGE);
    for (const entry of page) entries.push(entry);
    if (page.length < PAGE) return entries;
    start = `(${page.at(-1)?.[0] ?? ''}`;
  }
}

function toEntry(offset: number, fields: readonly string[]): LogEntry {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const bars = Number(field('bars'));
  return logEntry({ offset, kind: field('kind'), data: field('data'), token: field('token'), bars });
}

export const barsOf = ({ data }: LogEntry): BarEvent[] => readBatch(data) as BarEvent[];
export const eventsOf = ({ data }: LogEntry): CalculationEvent[] => readBatch(data) as CalculationEvent[];
export const signalsOf = ({ data }: LogEntry): Signal[] => JSON.parse(data) as Signal[];
export const warmupOf = ({ data }: LogEntry): WarmupEntry => JSON.parse(data) as WarmupEntry;
export const warmupEventsOf = ({ data }: LogEntry): WarmupEvents => JSON.parse(data) as WarmupEvents;
export const correctionOf = ({ data }: LogEntry): CorrectionEntry => JSON.parse(data) as CorrectionEntry;
export const correctionEventsOf = ({ data }: LogEntry): CorrectionEvents => JSON.parse(data) as CorrectionEvents;
export const controlOf = ({ data }: LogEntry): ControlDocument => JSON.parse(data) as ControlDocument;
/** Server time of an entry, epoch ms. */
export const timeOf = ({ token }: LogEntry): number => Math.floor(Number(token) / 1_000);

/** What looks like a bar in an entry that anybody may have written: text that does not parse has none. */
export function plausibleBars(entry: LogEntry): BarEvent[] {
  try {
    const bars: unknown = barsOf(entry);
    return Array.isArray(bars)
      ? bars.filter((bar: Partial<BarEvent> | null) => bar?.symbol && isTimeframe(bar.timeframe ?? ''))
      : [];
  } catch {
    return [];
  }
}
