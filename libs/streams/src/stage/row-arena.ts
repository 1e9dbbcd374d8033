const ROWS_PER_BLOCK = 256;

/**
 * Rows under the same columns, of many series, one behind the other as they come: what is written lies side by side, and only as much memory
 * is held as there were rows at once. The rows of a series are a chain of places.
 */
export class RowArena {
  readonly #blocks: Float64Array[] = [];
  /** Of each place the one that follows it in its chain; of a free one the next that is free. */
  #next = new Int32Array(0);
  #free = -1;
  #size = 0;

  constructor(readonly columns: readonly string[]) {}

  /** Rows in it. */
  get size(): number {
    return this.#size;
  }

  /** Copies a row behind the one at `last`, -1: it begins a chain. Returns its place. */
  add(values: Float64Array, last: number): number {
    if (this.#free < 0) this.#grow();
    const place = this.#free;
    this.#free = this.#next[place] as number;
    const { length } = this.columns;
    const block = this.#blocks[Math.floor(place / ROWS_PER_BLOCK)] as Float64Array;
    const at = (place % ROWS_PER_BLOCK) * length;
    for (let i = 0; i < length; i++) block[at + i] = values[i] as number;
    if (last >= 0) this.#next[last] = place;
    this.#size++;
    return place;
  }

  /** Copies so many rows of a chain from `place` on to `into[at…]` and frees their places. Returns the place behind them. */
  take(place: number, rows: number, into: Float64Array, at: number): number {
    const { length } = this.columns;
    for (let row = 0; row < rows; row++, at += length) {
      const block = this.#blocks[Math.floor(place / ROWS_PER_BLOCK)] as Float64Array;
      const from = (place % ROWS_PER_BLOCK) * length;
      for (let i = 0; i < length; i++) into[at + i] = block[from + i] as number;
      const next = this.#next[place] as number;
      this.#next[place] = this.#free;
      this.#free = place;
      place = next;
    }
    this.#size -= rows;
    return place;
  }

  #grow(): void {
    const first = this.#next.length;
    const next = new Int32Array(first + ROWS_PER_BLOCK);
    next.set(this.#next);
    for (let i = first; i < next.length; i++) next[i] = i + 1 < next.length ? i + 1 : -1;
    this.#next = next;
    this.#free = first;
    this.#blocks.push(new Float64Array(ROWS_PER_BLOCK * this.columns.length));
  }
}
