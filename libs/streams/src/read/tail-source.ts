import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { hashTagOf } from '../layout/keys';
import type { RedisClient, RedisLink } from '../redis/connect';
import { parseEntry, type LogEntry } from '../stage/log-entry';

/** Stream key → last offset seen. */
export type Offsets = ReadonlyMap<string, number>;
export type StreamEntries = readonly (readonly [key: string, entries: readonly LogEntry[]])[];

/** Waits a moment for what comes after the offsets in many streams. */
export interface TailSource {
  read(offsets: Offsets, count: number): Promise<StreamEntries>;
  close(): void;
}

const BLOCK_MS = 1_000;
const MOST_NAP_MS = 25;

/**
 * Standalone: one dedicated connection and one blocking call for all streams. Cluster: a call must stay within one slot and a
 * blocked connection would serve one node alone; so one short call per slot, then a nap that grows while nothing comes.
 */
export function createTailSource(link: RedisLink): TailSource {
  const shared = link.commands;
  if (!(shared instanceof Cluster)) {
    const client = link.duplicate('blocking');
    return {
      read: (offsets, count) => readStreams(client, offsets, count, BLOCK_MS),
      close: () => client.disconnect(),
    };
  }
  let napMs = 1;
  return {
    async read(offsets, count) {
      const found = await readNow(shared, offsets, count);
      napMs = found.length > 0 ? 1 : Math.min(MOST_NAP_MS, napMs * 2);
      if (found.length === 0) await delay(napMs);
      return found;
    },
    close: () => undefined,
  };
}

/** What is there already. On a cluster a part that does not answer is left out as long as another one has news. */
export async function readNow(client: RedisClient, offsets: Offsets, count: number): Promise<StreamEntries> {
  if (!(client instanceof Cluster)) return readStreams(client, offsets, count, null);
  const slots = new Map<string, Map<string, number>>();
  for (const [key, offset] of offsets) {
    const tag = hashTagOf(key);
    slots.set(tag, (slots.get(tag) ?? new Map()).set(key, offset));
  }
  const reads = await Promise.allSettled([...slots.values()].map((part) => readStreams(client, part, count, null)));
  const found = reads.flatMap((read) => (read.status === 'fulfilled' ? read.value : []));
  const failed = reads.find((read) => read.status === 'rejected');
  if (failed && found.length === 0) throw failed.reason;
  return found;
}

async function readStreams(
  client: RedisClient,
  offsets: Offsets,
  count: number,
  blockMs: number | null,
): Promise<StreamEntries> {
  if (offsets.size === 0) return [];
  const block = blockMs === null ? [] : ['BLOCK', String(blockMs)];
  const ids = [...offsets.values()].map((offset) => `${offset}-0`);
  const args = ['COUNT', String(count), ...block, 'STREAMS', ...offsets.keys(), ...ids];
  const reply = (await client.call('xread', ...args)) as [string, [string, string[]][]][] | null;
  return (reply ?? []).map(([key, entries]) => [key, entries.map(parseEntry)]);
}
