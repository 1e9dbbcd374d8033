import type { CorrectionEntry } from '@wagehood/contracts';

/** Follows the corrections of a log: each is newer than those before it, whole, and ends where its series stands. */
export class RevisionCheck {
  /** `symbol n` → the highest revision that a correction has brought. */
  readonly #known = new Map<string, number>();

  /** @returns what is wrong with a correction, null when nothing is. @param seen number of the last bar per symbol */
  take({ symbol, revisions, bars }: CorrectionEntry, seen: ReadonlyMap<string, number>): string | null {
    const broken = bars.some(({ close }, i) => Math.floor(close) !== i + 1);
    if (broken || bars.length !== seen.get(symbol))
      return `a correction with ${bars.length} bars of ${symbol}, which has ${seen.get(symbol) ?? 0}`;
    const led = bars.find(({ revision = 0 }, i) => revision < this.#of(symbol, i + 1));
    if (led) return `a correction that leads bar ${led.close} of ${symbol} back`;
    const places = revisions.map(({ timestamp, revision }) => [timestamp / 1_000, revision] as const);
    if (places.every(([n, revision]) => revision <= this.#of(symbol, n)))
      return `a correction of ${symbol} that is not newer: ${JSON.stringify(revisions)}`;
    for (const [n, revision] of places) this.#known.set(`${symbol} ${n}`, Math.max(revision, this.#of(symbol, n)));
    return null;
  }

  /** @returns the first of these revisions, by symbol and number of the bar, that no correction has brought */
  missing(corrected: ReadonlyMap<string, ReadonlyMap<number, number>>): string | null {
    for (const [symbol, revisions] of corrected)
      for (const [n, revision] of revisions)
        if (this.#of(symbol, n) !== revision)
          return `bar ${n} of ${symbol} has revision ${this.#of(symbol, n)}, expected ${revision}`;
    return null;
  }

  #of(symbol: string, n: number): number {
    return this.#known.get(`${symbol} ${n}`) ?? 0;
  }
}
