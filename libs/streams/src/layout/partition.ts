/**
 * Where a symbol lives. A symbol hashes to one partition for life, and every key of a partition carries that partition's
 * hash tag, so that all of them share one Redis Cluster slot. Golden vectors in the spec hold both functions forever.
 */

export const CLUSTER_SLOTS = 16_384;

/** Partition of a symbol, 0 … partitions−1: FNV-1a (32 bit) over UTF-16 units, murmur3's finaliser, modulo. */
export function partitionOf(symbol: string, partitions: number): number {
  return stableHash(symbol) % partitions;
}

/** A 32-bit hash that is the same in every process and release. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** CRC-16/XMODEM, as Redis Cluster hashes a tag. */
export function crc16(text: string): number {
  let crc = 0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

const tables = new Map<number, readonly string[]>();

/** The hash tags of all partitions: tag i's slot lies in [i·16384/P, (i+1)·16384/P), so equal slot ranges hold equal shares. */
export function partitionTags(partitions: number): readonly string[] {
  const known = tables.get(partitions);
  if (known) return known;
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 4096) {
    throw new RangeError(`partitions must be an integer from 1 to 4096, got ${partitions}`);
  }
  const table = Array.from({ length: partitions }, (_, i) => findTag(i, partitions));
  tables.set(partitions, table);
  return table;
}

export function partitionTag(partition: number, partitions: number): string {
  const tag = partitionTags(partitions)[partition];
  if (tag === undefined) throw new RangeError(`partition ${partition} is outside 0…${partitions - 1}`);
  return tag;
}

function findTag(partition: number, partitions: number): string {
  const from = (partition * CLUSTER_SLOTS) / partitions;
  const to = ((partition + 1) * CLUSTER_SLOTS) / partitions;
  for (let salt = 0; ; salt++) {
    const tag = salt === 0 ? `p${partition}` : `p${partition}.${salt.toString(36)}`;
    const slot = crc16(tag) % CLUSTER_SLOTS;
    if (slot >= from && slot < to) return tag;
  }
}
