import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import type { StreamsLog } from '../log';
import type { RedisClient, RedisLink } from '../redis/connect';
import { redisFault } from '../redis/errors';
import { inTime } from '../in-time';
import { parseEntry, type LogEntry, type RawEntry } from './log-entry';

/** A stream to read and how many entries to take. */
export interface Wanted {
  readonly key: string;
  readonly count: number;
}

/** Reads what is new for a group on many streams. Empty when nothing came in time or Redis is away. */
export interface EntrySource {
  read(wanted: readonly Wanted[]): Promise<ReadonlyMap<string, readonly LogEntry[]>>;
  close(): void;
}

/** The consumer's name is constant: names of pods would accumulate for ever, and ownership is not the group's business. */
const CONSUMER = 'owner';
const WATCHDOG_MS = 5_000;

type RawReply = [key: Buffer, entries: RawEntry[]][] | null;

export function createEntrySource(link: RedisLink, group: string, blockMs: number, log: StreamsLog): EntrySource {
  return link.commands instanceof Cluster
    ? createPollingSource(link.commands, group, blockMs, log)
    : createBlockingSource(link, group, blockMs, log);
}

/** Standalone: one dedicated connection, one blocking call for all streams; a stuck client is replaced, not waited for. */
function createBlockingSource(link: RedisLink, group: string, blockMs: number, log: StreamsLog): EntrySource {
  let client = link.duplicate('blocking');
  let closed = false;
  const replace = (): void => {
    log.warn('a blocking read got stuck; its connection is replaced');
    client.disconnect();
    client = link.duplicate('blocking');
  };
  return {
    async read(wanted) {
      const count = Math.min(...wanted.map((w) => w.count));
      try {
        const reply = await inTime(WATCHDOG_MS, xreadgroup(client, group, wanted, count, blockMs));
        if (reply !== 'late') return toEntries(reply);
        if (!closed) replace();
      } catch (error) {
        await pauseAfter(error, log);
      }
      return new Map();
    },
    close() {
      closed = true;
      client.disconnect();
    },
  };
}

/** Cluster: streams live on many nodes and a blocked connection would serve one of them; so short reads, then a nap that grows. */
function createPollingSource(client: RedisClient, group: string, blockMs: number, log: StreamsLog): EntrySource {
  let napMs = 1;
  return {
    async read(wanted) {
      const replies = await Promise.all(
        wanted.map((w) =>
          xreadgroup(client, group, [w], w.count, null).catch((error: unknown) => pauseAfter(error, log)),
        ),
      );
      const found = new Map(replies.flatMap((reply) => [...toEntries(reply ?? null)]));
      napMs = found.size > 0 ? 1 : Math.min(10, blockMs, napMs * 2);
      if (found.size === 0) await delay(napMs);
      return found;
    },
    close: () => undefined,
  };
}

async function xreadgroup(
  client: RedisClient,
  group: string,
  wanted: readonly Wanted[],
  count: number,
  blockMs: number | null,
): Promise<RawReply> {
  const keys = wanted.map(({ key }) => key);
  const args = ['GROUP', group, CONSUMER, 'COUNT', count, ...(blockMs === null ? [] : ['BLOCK', blockMs]), 'STREAMS'];
  return (await client.callBuffer('xreadgroup', ...args.map(String), ...keys, ...keys.map(() => '>'))) as RawReply;
}

function toEntries(reply: RawReply): Map<string, LogEntry[]> {
  return new Map((reply ?? []).map(([key, entries]) => [key.toString(), entries.map(parseEntry)]));
}

/** A group that was re-created under a blocked read is business as usual; everything else deserves a breath. */
async function pauseAfter(error: unknown, log: StreamsLog): Promise<null> {
  if (redisFault(error) === 'group-gone') return null;
  log.debug('reading failed', { error: String(error) });
  await delay(100);
  return null;
}
