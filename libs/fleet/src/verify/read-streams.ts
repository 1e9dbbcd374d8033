import type { BarEvent, CalculationEvent, ControlDocument, Signal } from '@wagehood/contracts';
import { isTimeframe } from '@wagehood/market';
import { partitionTags, streamKey, type LogEntry, type RedisLink, type StreamName } from '@wagehood/streams';

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
  const entries: LogEntry[] = [];
  for (let last = after; ;) {
    const page = await link.commands.xrange(key, `(${last}-0`, '+', 'COUNT', PAGE);
    for (const [id, fields] of page) {
      if (id !== `${++last}-0`) throw new Error(`${key}: entry ${id} where ${last}-0 was due`);
      entries.push(toEntry(id, fields));
    }
    if (page.length < PAGE) return entries;
  }
}

function toEntry(id: string, fields: readonly string[]): LogEntry {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const bars = Number(field('bars'));
  return { offset: Number.parseInt(id, 10), kind: field('kind'), data: field('data'), token: field('token'), bars };
}

export const barsOf = ({ data }: LogEntry): BarEvent[] => JSON.parse(data) as BarEvent[];
export const eventsOf = ({ data }: LogEntry): CalculationEvent[] => JSON.parse(data) as CalculationEvent[];
export const signalsOf = ({ data }: LogEntry): Signal[] => JSON.parse(data) as Signal[];
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
