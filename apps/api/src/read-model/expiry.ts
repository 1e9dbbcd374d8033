/** No value expires before two of its own bars have passed, or a daily value would vanish between two daily bars. */
const MIN_BARS = 2;

/**
 * Whether a cached value is too old to be shown.
 * @param receivedAt when ingestion took the bar, epoch ms
 * @param barMs length of the bar that the value belongs to
 */
export function isExpired(receivedAt: number, ttlSeconds: number, barMs: number, nowMs: number): boolean {
  return nowMs - receivedAt > Math.max(ttlSeconds * 1_000, MIN_BARS * barMs);
}
