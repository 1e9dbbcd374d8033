/** What is done again and again, each at its own time: what is due is found without a look at all the rest. */
export class Agenda<Item extends { readonly dueAt: number }> {
  readonly #byTick = new Map<number, Item[]>();
  /** Nothing is due in an earlier one. */
  #first = Number.POSITIVE_INFINITY;

  /** @param tickMs what is due within so long is kept together; a thousandth of the time until the latest is a good choice */
  constructor(private readonly tickMs: number) {}

  get isEmpty(): boolean {
    return this.#byTick.size === 0;
  }

  add(item: Item): void {
    const tick = Math.floor(item.dueAt / this.tickMs);
    const together = this.#byTick.get(tick);
    if (together) together.push(item);
    else this.#byTick.set(tick, [item]);
    this.#first = Math.min(this.#first, tick);
  }

  /** Takes out all that is due at `time`. */
  take(time: number): Item[] {
    const due: Item[] = [];
    const now = Math.floor(time / this.tickMs);
    for (; this.#first <= now && !this.isEmpty; this.#first++) {
      const later: Item[] = [];
      for (const item of this.#byTick.get(this.#first) ?? []) (item.dueAt <= time ? due : later).push(item);
      this.#byTick.delete(this.#first);
      if (later.length === 0) continue;
      this.#byTick.set(this.#first, later);
      break;
    }
    return due;
  }

  /** When the next one is due, Infinity if there is none. */
  get nextAt(): number {
    if (this.isEmpty) return Number.POSITIVE_INFINITY;
    while (!this.#byTick.has(this.#first)) this.#first++;
    const together = this.#byTick.get(this.#first) ?? [];
    return together.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Number.POSITIVE_INFINITY);
  }
}
