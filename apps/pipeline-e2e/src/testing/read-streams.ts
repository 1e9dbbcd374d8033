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

/** @throws Error unless the entries are numbered 1, 2, 3, … without a hole: nothing was trimmed, nothing written past the protocol */
async function readStream(link: RedisLink, stream: StreamName, tag: string): Promise<LogEntry[]> {
  const key = streamKey(stream, tag);
  const entries: LogEntry[] = [];
  for (let from = '-'; ;) {
    const page = await link.commands.xrange(key, from, '+', 'COUNT', PAGE);
    for (const [id, fields] of page) {
      if (id !== `${entries.length + 1}-0`)
        throw new Error(`${key}: entry ${id} where ${entries.length + 1}-0 was due`);
      entries.push(toEntry(id, fields));
    }
    if (page.length < PAGE) return entries;
    from = `(${page.at(-1)?.[0] ?? ''}`;
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
