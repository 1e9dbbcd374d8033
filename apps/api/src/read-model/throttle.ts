/**
 * `update_frequency_seconds` by bar time: of all bars that open in one span of that length, the first one passes.
 * Remembers one number per key, and only for spans longer than a bar.
 */
export class Throttle {
  readonly #last = new Map<string, number>();

  /** @param key series and indicator (or strategy) @param openTime epoch ms @param barMs length of the bar */
  passes(key: string, openTime: number, frequencySeconds: number, barMs: number): boolean {
    const spanMs = frequencySeconds * 1_000;
    if (spanMs <= barMs) return true;
    const span = Math.floor(openTime / spanMs);
    const last = this.#last.get(key);
    if (last !== undefined && span <= last) return false;
    this.#last.set(key, span);
    return true;
  }
}
