/** Rows of one chain that lie beside each other. */
const STRIP_ROWS = 8;
const STRIPS_PER_BLOCK = 32;
const NONE = -1;

/**
 * Rows under the same columns, of many series: only as much memory is held as there were rows at once. The rows of a series are a chain of
 * strips, for they come and go several at a time, and memory is quick where it is read and written in its order.
 */
export class RowArena {
  readonly #blocks: Float64Array[] = [];
  /** Of each strip the one that follows it in its chain, of a free one the next that is free; how many rows have been put into it. */
  #next = new Int32Array(0);
  #used = new Uint8Array(0);
  #free = NONE;
  #size = 0;

  constructor(readonly columns: readonly string[]) {}

  /** Rows in it. */
  get size(): number {
    return this.#size;
  }

  /** Copies a row behind the one at `last`, -1: it begins a chain. Returns its place. */
  add(values: Float64Array, last: number): number {
    const goesOn = last >= 0 && (last + 1) % STRIP_ROWS !== 0;
    const place = goesOn ? last + 1 : STRIP_ROWS * this.#begin(Math.floor(last / STRIP_ROWS));
    const strip = Math.floor(place / STRIP_ROWS);
    this.#used[strip] = (place % STRIP_ROWS) + 1;
    const { length } = this.columns;
    const block = this.#blockOf(strip);
    const at = offsetOf(place) * length;
    for (let i = 0; i < length; i++) block[at + i] = values[i] as number;
    this.#size++;
    return place;
  }

  /** Moves so many rows of a chain, from `place` on, to `into[at…]`. Returns the place behind them, -1 when the chain has no more. */
  take(place: number, rows: number, into: Float64Array, at: number): number {
    const { length } = this.columns;
    this.#size -= rows;
    for (let left = rows; left > 0;) {
      const strip = Math.floor(place / STRIP_ROWS);
      const there = (this.#used[strip] as number) - (place % STRIP_ROWS);
      const now = Math.min(left, there);
      const block = this.#blockOf(strip);
      const from = offsetOf(place) * length;
      for (let i = 0; i < now * length; i++) into[at + i] = block[from + i] as number;
      at += now * length;
      left -= now;
      place = now < there ? place + now : this.#behind(strip);
    }
    return place;
  }

  #blockOf(strip: number): Float64Array {
    return this.#blocks[Math.floor(strip / STRIPS_PER_BLOCK)] as Float64Array;
  }

  /** A free strip, which follows `before` from now on. */
  #begin(before: number): number {
    if (this.#free < 0) this.#grow();
    const strip = this.#free;
    this.#free = this.#next[strip] as number;
    this.#next[strip] = NONE;
    if (before >= 0) this.#next[before] = strip;
    return strip;
  }

  /** Frees a strip that has been read to its end. Returns the first place of the one that follows it. */
  #behind(strip: number): number {
    const next = this.#next[strip] as number;
    this.#next[strip] = this.#free;
    this.#free = strip;
    return next < 0 ? NONE : STRIP_ROWS * next;
  }

  #grow(): void {
    const first = this.#next.length;
    const next = new Int32Array(first + STRIPS_PER_BLOCK);
    next.set(this.#next);
    for (let i = first; i < next.length; i++) next[i] = i + 1 < next.length ? i + 1 : NONE;
    const used = new Uint8Array(next.length);
    used.set(this.#used);
    this.#next = next;
    this.#used = used;
    this.#free = first;
    this.#blocks.push(new Float64Array(STRIPS_PER_BLOCK * STRIP_ROWS * this.columns.length));
  }
}

/** Rows before it in its block. */
const offsetOf = (place: number): number => place % (STRIPS_PER_BLOCK * STRIP_ROWS);
