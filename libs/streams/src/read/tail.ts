import { setTimeout as delay } from 'node:timers/promises';
import { streamKey, stageKey, tailSource, type StreamName } from '../layout/keys';
import { partitionTags } from '../layout/partition';
import type { StreamsLog } from '../log';
import type { RedisLink } from '../redis/connect';
import type { LogEntry } from '../stage/log-entry';
import { createTailSource, readNow, type StreamEntries } from './tail-source';

/** A position in many streams: stream key → last offset seen. */
export type TailCursor = ReadonlyMap<string, number>;

export interface TailEntry extends Omit<LogEntry, 'bytes' | 'appendedAt' | 'origin' | 'free'> {
  readonly stream: StreamName;
  readonly partition: number;
}

/** Follows streams without a group: it shows, it does not process. */
export interface Tail {
  /** Ends of the streams now. */
  position(streams: readonly StreamName[], partitions?: readonly number[]): Promise<TailCursor>;
  /** All entries are behind this offset: a change of the number of partitions puts it above every offset of before. 0 if there was none. */
  base(): Promise<number>;
  /** Entries after the cursor, oldest first per stream; an offset that has been trimmed away starts at the oldest there is. */
  read(cursor: TailCursor, count: number): Promise<TailEntry[]>;
  /** Calls back with everything that comes after the cursor until stopped. Delivery is awaited; what a listener failed to take is shown again. */
  follow(
    from: TailCursor,
    onEntries: (entries: readonly TailEntry[]) => void | Promise<void>,
  ): { stop(): Promise<void> };
}

export function createTail({ link, partitions, log }: { link: RedisLink; partitions: number; log: StreamsLog }): Tail {
  const tags = partitionTags(partitions);
  const origins = new Map<string, { stream: StreamName; partition: number }>();
  const streams: readonly StreamName[] = [
    'market_data_stream',
    'calculation_events_stream',
    'signal_stream',
    'alert_stream',
  ];
  for (const stream of streams)
    tags.forEach((tag, partition) => origins.set(streamKey(stream, tag), { stream, partition }));

  const withOrigin = (found: StreamEntries): TailEntry[] =>
    found.flatMap(([key, entries]) => {
      const origin = origins.get(key);
      if (!origin) return [];
      return entries.map((entry) => {
        const { offset, kind, data, token, bars } = entry; // of getters a spread would copy nothing
        return { offset, kind, data, token, bars, ...origin };
      });
    });

  return {
    async position(wanted, only = tags.map((_, i) => i)) {
      const cursor = new Map<string, number>();
      await Promise.all(
        only.flatMap((partition) =>
          wanted.map(async (stream) => {
            const tag = tags[partition] as string;
            cursor.set(streamKey(stream, tag), await tailOf(link, stream, tag));
          }),
        ),
      );
      return cursor;
    },
    base: async () => Number((await link.commands.hget(stageKey('calculation', tags[0] as string), 'base')) ?? 0),
    read: async (cursor, count) => withOrigin(await readNow(link.commands, cursor, count)),
    follow(from, onEntries) {
      const source = createTailSource(link);
      const cursor = new Map(from);
      let running = true;
      let failing = false;
      const loop = async (): Promise<void> => {
        while (running) {
          try {
            const entries = withOrigin(await source.read(cursor, 100));
            failing = false;
            if (entries.length > 0 && running) await onEntries(entries);
            for (const { stream, partition, offset } of entries)
              cursor.set(streamKey(stream, tags[partition] as string), offset);
          } catch (error) {
            if (!running) return;
            if (!failing) log.warn('following streams failed; trying again', { error: String(error) });
            failing = true;
            await delay(250);
          }
        }
      };
      const done = loop();
      return {
        async stop() {
          running = false;
          source.close();
          await done;
        },
      };
    },
  };
}

async function tailOf(link: RedisLink, stream: StreamName, tag: string): Promise<number> {
  if (stream === 'alert_stream') return Number((await link.commands.hget(stageKey('alerting', tag), 'out')) ?? 0);
  const reader =
    stream === 'market_data_stream' ? 'calculation' : stream === 'calculation_events_stream' ? 'strategy' : 'alerting';
  const { key, offset } = tailSource(reader, tag);
  return Number((await link.commands.hget(key, offset)) ?? 0);
}
