import { createHash } from 'node:crypto';
import type { Item } from './items';

/** How much of a kind there is, and a sum over the hashes of all of it: the same in any order and any partition. */
export interface Count {
  items: number;
  bytes: number;
  digest: bigint;
}

export class Tally {
  readonly counts = new Map<string, Count>();

  /** What was told is copied to wherever its alert may be told again; it counts once. */
  readonly #told = new Set<string>();

  add({ kind, symbol, id, bytes }: Item): void {
    if (kind === 'told' && this.#told.has(id)) return;
    if (kind === 'told') this.#told.add(id);
    let count = this.counts.get(kind);
    if (!count) this.counts.set(kind, (count = { items: 0, bytes: 0, digest: 0n }));
    // A letter may have to give way to another's id.
    const name = kind.startsWith('letters') ? '' : id;
    const hash = createHash('sha256')
      .update(`${kind}\0${symbol ?? ''}\0${name}\0`)
      .update(bytes)
      .digest();
    count.items++;
    count.bytes += bytes.length;
    count.digest = BigInt.asUintN(128, count.digest + hash.readBigUInt64LE(0) + (hash.readBigUInt64LE(8) << 64n));
  }

  /** Says where two differ, null if nowhere. */
  differenceTo(other: Tally): string | null {
    for (const kind of new Set([...this.counts.keys(), ...other.counts.keys()])) {
      const [a, b] = [this.counts.get(kind), other.counts.get(kind)];
      if (a?.items !== b?.items || a?.bytes !== b?.bytes || a?.digest !== b?.digest)
        return `${kind}: ${tell(a)} before, ${tell(b)} in the copy`;
    }
    return null;
  }
}

const tell = (count: Count | undefined): string =>
  count ? `${count.items} of ${count.bytes} bytes (${count.digest.toString(16).slice(0, 8)})` : 'none';
