/** No value expires before two of its own bars have passed, or a daily value would vanish between two daily bars. */
const MIN_BARS = 2;

/**
 * The last moment at which a cached value may be shown, epoch ms.
 * @param receivedAt when ingestion took the bar, epoch ms
 * @param barMs length of the bar that the value belongs to
 */
export const expiresAt = (receivedAt: number, ttlSeconds: number, barMs: number): number =>
  receivedAt + Math.max(ttlSeconds * 1_000, MIN_BARS * barMs);

/** The time at which something is looked at, and until when it will look the same. */
export class Sight {
  #untilMs = Infinity;

  /** @param nowMs epoch ms */
  constructor(readonly nowMs: number) {}

  /** Whether a value is too old to be shown; if not, what is seen changes when it will be. */
  hasExpired(lastMs: number): boolean {
    if (this.nowMs > lastMs) return true;
    this.#untilMs = Math.min(this.#untilMs, lastMs);
    return false;
  }

  /** Until when, epoch ms, nothing of what was looked at expires. */
  get untilMs(): number {
    return this.#untilMs;
  }
}
