/** How many entries of a partition to ask for, so that one read brings no more bars than are wanted, as far as the last one tells. */
export class ReadSize {
  /** Nothing is known before the first read: it asks for one entry. */
  #barsPerEntry = Number.POSITIVE_INFINITY;

  constructor(private readonly want: { readonly readEntries: number; readonly readBars: number }) {}

  get entries(): number {
    const { readEntries, readBars } = this.want;
    return Math.max(1, Math.min(readEntries, Math.floor(readBars / this.#barsPerEntry)));
  }

  /** Notes what a read has brought. */
  note(entries: number, bars: number): void {
    this.#barsPerEntry = Math.max(1, bars) / entries;
  }
}
