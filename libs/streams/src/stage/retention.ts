/**
 * How far a stream of a partition may be trimmed: it keeps at least `retainBars` bars, at most `retainBytes` bytes
 * where both can be had, and never drops what the snapshot still needs.
 */
export class Retention {
  readonly #entries: { offset: number; bars: number; bytes: number }[] = [];
  #head = 0;
  #bytes = 0;

  constructor(private readonly keep: { readonly retainBars: number; readonly retainBytes: number }) {}

  /** Notes an entry: bars (or whatever else it carries) up to and with it, its own size in bytes. */
  note(offset: number, bars: number, bytes: number): void {
    this.#entries.push({ offset, bars, bytes });
    this.#bytes += bytes;
  }

  /** The offset that becomes the first one kept, or 0 when there is nothing to trim. */
  trimBefore(snap: number): number {
    const newest = this.#entries.at(-1);
    if (!newest) return 0;
    let first = 0;
    while (this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head];
      if (!entry || entry.offset > snap) break;
      const enoughBars = newest.bars - entry.bars >= this.keep.retainBars;
      if (!enoughBars && this.#bytes <= this.keep.retainBytes) break;
      this.#bytes -= entry.bytes;
      this.#head++;
      first = entry.offset + 1;
    }
    if (this.#head > 4096 && this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
    return first;
  }
}
