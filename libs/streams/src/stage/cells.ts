/**
 * Which cells have changed since they were last saved, oldest change first. Their order gives the snapshot offset: a
 * replay must start right after the newest offset before which nothing is unsaved.
 */
export class DirtyCells {
  /** Cell → offset (and bars before it) of its first unsaved change, and when that was; a Map keeps the order of insertion. */
  readonly #since = new Map<string, { offset: number; barsBefore: number; atMs: number }>();

  /** Those of them that are the partition's own. */
  readonly #wide = new Set<string>();
  /** The one that was touched last. */
  #last = '';

  constructor(private readonly clock: () => number = () => performance.now()) {}

  get size(): number {
    return this.#since.size;
  }

  /** Since when the oldest change waits, monotonic ms; null when all is saved. */
  get oldestSinceMs(): number | null {
    for (const { atMs } of this.#since.values()) return atMs;
    return null;
  }

  touch(cell: string, offset: number, barsBefore: number): void {
    if (cell === this.#last) return;
    this.#last = cell;
    if (this.#since.has(cell)) return;
    this.#since.set(cell, { offset, barsBefore, atMs: this.clock() });
    if (cell.startsWith('#')) this.#wide.add(cell);
  }

  forget(cell: string): void {
    this.#since.delete(cell);
    this.#wide.delete(cell);
    this.#last = '';
  }

  /** Partition-wide cells ('#…') and up to `limit` others, those that have waited longest first. */
  oldest(limit: number): string[] {
    const picked = [...this.#wide];
    for (const cell of this.#since.keys()) {
      if (picked.length >= limit + this.#wide.size) break;
      if (!this.#wide.has(cell)) picked.push(cell);
    }
    return picked;
  }

  /** The snapshot position when `saved` are written now and everything up to `now` has been folded. */
  snapshotWithout(saved: readonly string[], now: { offset: number; bars: number }): { offset: number; bars: number } {
    const gone = new Set(saved);
    for (const [cell, { offset, barsBefore }] of this.#since) {
      if (!gone.has(cell)) return { offset: offset - 1, bars: barsBefore }; // changes are kept in order: the first is the oldest
    }
    return now;
  }
}
