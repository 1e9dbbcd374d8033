import { partitionOf, partitionTag, streamKey, type StreamName, type Tail } from '@wagehood/streams';
import { logKey, parseLogKey, type LogKey, type LogName } from './cursor';
import type { TailEntry } from './expand-entry';
import type { LogReader } from './log-reader';

const streamOf: Readonly<Record<LogName, StreamName>> = {
  c: 'calculation_events_stream',
  s: 'signal_stream',
  a: 'alert_stream',
};
const logOf = new Map(Object.entries(streamOf).map(([log, stream]) => [stream, log as LogName]));

/** The logs of libs/streams under the short names that cursors use. */
export function createLogReader(tail: Tail, partitions: number): LogReader {
  const redisKey = (key: LogKey): string => {
    const { log, partition } = parseLogKey(key);
    return streamKey(streamOf[log], partitionTag(partition, partitions));
  };
  return {
    partitions,
    partitionOf: (symbol) => partitionOf(symbol, partitions),
    base: () => tail.base(),
    async ends(keys) {
      const wanted = keys.map(parseLogKey);
      const streams = [...new Set(wanted.map(({ log }) => streamOf[log]))];
      const found = await tail.position(streams, [...new Set(wanted.map(({ partition }) => partition))]);
      return new Map(keys.map((key) => [key, found.get(redisKey(key)) ?? 0]));
    },
    async read(after, count) {
      const cursor = new Map(Array.from(after, ([key, offset]) => [redisKey(key), offset]));
      const batches = new Map<LogKey, TailEntry[]>();
      for (const entry of await tail.read(cursor, count)) {
        const key = logKey(logOf.get(entry.stream) as LogName, entry.partition);
        const entries = batches.get(key);
        if (entries) entries.push(entry);
        else batches.set(key, [entry]);
      }
      return Array.from(batches, ([key, entries]) => ({ key, entries }));
    },
  };
}
