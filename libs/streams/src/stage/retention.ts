/** So many pieces of a stream are told apart: what is trimmed may be such a part less than it could be. */
const PIECES = 64;

/** Entries that are trimmed together: bars up to and with the first one, the last one's offset, bars up to and with that, bytes of all. */
interface Piece {
  readonly firstBar: number;
  offset: number;
  bars: number;
  bytes: number;
}

/**
 * How far a stream of a partition may be trimmed: it keeps at least `retainBars` bars, about `retainBytes` bytes at most
 * where both can be had, and never drops what the snapshot still needs.
 */
export class Retention {
  readonly #pieces: Piece[] = [];
  #bytes = 0;

  constructor(private readonly keep: { readonly retainBars: number; readonly retainBytes: number }) {}

  /** Pieces that it remembers. */
  get size(): number {
    return this.#pieces.length;
  }

  /** Notes an entry: bars (or whatever else it carries) up to and with it, its own size in bytes. */
  note(offset: number, bars: number, bytes: number): void {
    const { retainBars, retainBytes } = this.keep;
    const last = this.#pieces.at(-1);
    this.#bytes += bytes;
    if (last && (bars - last.firstBar) * PIECES <= retainBars && (last.bytes + bytes) * PIECES <= retainBytes) {
      last.offset = offset;
      last.bars = bars;
      last.bytes += bytes;
    } else this.#pieces.push({ firstBar: bars, offset, bars, bytes });
  }

  /** The offset that becomes the first one kept, or 0 when there is nothing to trim. */
  trimBefore(snap: number): number {
    const newest = this.#pieces.at(-1);
    if (!newest) return 0;
    let first = 0;
    for (let piece = this.#pieces[0]; piece && piece.offset <= snap; piece = this.#pieces[0]) {
      const enoughBars = newest.bars - piece.bars >= this.keep.retainBars;
      if (!enoughBars && this.#bytes <= this.keep.retainBytes) break;
      this.#bytes -= piece.bytes;
      this.#pieces.shift();
      first = piece.offset + 1;
    }
    return first;
  }
}
