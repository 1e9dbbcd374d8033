import { rooms } from '../json/rooms';
import {
  historyIndexKey,
  stageKey,
  stageLayouts,
  stateKey,
  streamKey,
  tailSource,
  type StageName,
} from '../layout/keys';
import type { StagePosition } from '../protocol/scripts';
import type { RedisClient } from '../redis/connect';
import type { HistoryPosition } from './history-writer';
import { parseEntry, type LogEntry, type RawEntry } from './log-entry';

/** The read side of a partition's keys, as its owner needs them. */
export interface PartitionStore {
  readonly tag: string;
  readonly stage: StageName;
  /** Stored cells, partition-wide ones ('#…') first. */
  cells(): Promise<Map<string, { offset: number; bytes: Uint8Array }>>;
  historyPositions(): Promise<Map<string, HistoryPosition>>;
  /** Entries from…to of the input, at most `count`. */
  range(from: number, to: number, count: number): Promise<LogEntry[]>;
  /** A few entries of the input or the output, evenly spread from the oldest that is left up to `to`. */
  landmarks(of: 'input' | 'output', to: number): Promise<Landmark[]>;
}

/** One entry that stands for those before it, back to the landmark before. */
export interface Landmark {
  readonly offset: number;
  /** Bars up to and with it. */
  readonly bars: number;
  /** About how many bytes all of them have. */
  readonly bytes: number;
}

const LANDMARKS = 8;

export function createPartitionStore(client: RedisClient, stage: StageName, tag: string): PartitionStore {
  const streams = {
    input: streamKey(stageLayouts[stage].input, tag),
    output: streamKey(stageLayouts[stage].output, tag),
  };
  const rangeOf = async (stream: string, from: number, to: number, count: number): Promise<LogEntry[]> => {
    const raw = await client.callBuffer('xrange', stream, `${from}-0`, `${to}-0`, 'COUNT', count);
    return (raw as RawEntry[]).map(parseEntry);
  };
  return {
    tag,
    stage,
    range: (from, to, count) => rangeOf(streams.input, from, to, count),
    async landmarks(of, to) {
      const [oldest] = await rangeOf(streams[of], 0, to, 1);
      if (!oldest) return [];
      const step = Math.ceil((to - oldest.offset + 1) / LANDMARKS);
      const offsets: number[] = [];
      for (let at = to; at >= oldest.offset; at -= step) offsets.unshift(at);
      const found = (await Promise.all(offsets.map((at) => rangeOf(streams[of], at, at, 1)))).flat();
      // The middle one: one long entry (a backlog, a configuration) that stood for hundreds would have all of them trimmed.
      const lengths = found.map(({ bytes }) => bytes.length).sort((a, b) => a - b);
      const bytes = (lengths[lengths.length >> 1] ?? 0) * step;
      return found.map(({ offset, bars }) => ({ offset, bars, bytes }));
    },
    async cells() {
      const raw = await client.hgetallBuffer(stateKey(stage, tag));
      const cells = Object.entries(raw).map(([cell, value]) => [cell, unpackState(value)] as const);
      return new Map(cells.sort(([a], [b]) => Number(b.startsWith('#')) - Number(a.startsWith('#'))));
    },
    async historyPositions() {
      if (stage !== 'calculation') return new Map();
      const raw = await client.hgetall(historyIndexKey(tag));
      return new Map(Object.entries(raw).map(([series, json]) => [series, JSON.parse(json) as HistoryPosition]));
    },
  };
}

const OFFSET_BYTES = 8;
const NO_BYTES = Buffer.alloc(0);

/** A stored state: the offset it speaks for as float64, then the cell's bytes. */
export function packState(offset: number, bytes: Uint8Array): Buffer {
  const packed = Buffer.allocUnsafe(OFFSET_BYTES + bytes.byteLength);
  writeState(packed, 0, offset, bytes);
  return packed;
}

function writeState(into: Buffer, at: number, offset: number, bytes: Uint8Array): number {
  into.writeDoubleLE(offset, at);
  into.set(bytes, at + OFFSET_BYTES);
  return at + OFFSET_BYTES + bytes.byteLength;
}

/** Stored states, one behind the other in memory that can be given back to `rooms`. */
export function packStates(
  offset: number,
  cells: readonly (readonly [cell: string, bytes: Uint8Array])[],
): { readonly states: (readonly [cell: string, packed: Buffer])[]; readonly room: Buffer } {
  const size = cells.reduce((sum, [, bytes]) => sum + OFFSET_BYTES + bytes.byteLength, 0);
  const room = size === 0 ? NO_BYTES : rooms.take(size);
  let at = 0;
  const states = cells.map(([cell, bytes]) => {
    const from = at;
    at = writeState(room, from, offset, bytes);
    return [cell, room.subarray(from, at)] as const;
  });
  return { states, room };
}

export function unpackState(packed: Buffer): { offset: number; bytes: Uint8Array } {
  return { offset: packed.readDoubleLE(0), bytes: Uint8Array.prototype.slice.call(packed, OFFSET_BYTES) };
}

/** The committed position of a stage, read without taking anything over. */
export async function readPosition(
  client: RedisClient,
  stage: StageName,
  tag: string,
): Promise<{ readonly position: StagePosition; readonly owner: string }> {
  const fields = await client.hgetall(stageKey(stage, tag));
  const int = (name: string): number => Number(fields[name] ?? 0);
  const position: StagePosition = {
    epoch: int('epoch'),
    off: int('off'),
    snap: int('snap'),
    out: int('out'),
    attempts: 0,
    offBars: int('offBars'),
    snapBars: int('snapBars'),
    outBars: int('outBars'),
    seq: int('seq'),
    probe: '',
  };
  return { position, owner: fields['owner'] ?? '' };
}

/** Whether a stage is switched off and holds nothing back. */
export async function isIdle(client: RedisClient, stage: StageName, tag: string): Promise<boolean> {
  return (await client.hget(stageKey(stage, tag), 'idle')) !== null;
}

/** Where the owner, the epoch and the tail of a partition stand. */
export interface PartitionStanding {
  readonly epoch: number;
  readonly owner: string;
  readonly off: number;
  readonly offBars: number;
  readonly tail: number;
  readonly tailBars: number;
  /** Number of the last commit. */
  readonly seq: number;
  /** False when the stage hash does not exist. */
  readonly exists: boolean;
}

/** Reads the standing of many partitions in one round trip (one per partition on a cluster). */
export async function readStandings(
  client: RedisClient,
  stage: StageName,
  tags: readonly string[],
): Promise<PartitionStanding[]> {
  return Promise.all(
    tags.map(async (tag) => {
      const source = tailSource(stage, tag);
      const [own, tail] = await Promise.all([
        client.hmget(stageKey(stage, tag), 'epoch', 'owner', 'off', 'offBars', 'seq'),
        client.hmget(source.key, source.offset, source.bars),
      ]);
      return {
        epoch: Number(own[0] ?? 0),
        owner: own[1] ?? '',
        off: Number(own[2] ?? 0),
        offBars: Number(own[3] ?? 0),
        tail: Number(tail[0] ?? 0),
        tailBars: Number(tail[1] ?? 0),
        seq: Number(own[4] ?? 0),
        exists: own[0] !== null,
      };
    }),
  );
}
