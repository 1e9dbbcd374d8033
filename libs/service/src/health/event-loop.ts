export interface EventLoopWatch {
  /** Longest delay of a timer in the last ten seconds, ms. */
  delayMs(): number;
  stop(): void;
}

const TICK_MS = 250;
const KEPT = 40;

/**
 * Measures how late the event loop is. A loop that stands still cannot answer /livez at all, which is what the probe's timeout
 * is for; this tells of a loop that turns slowly.
 */
export function watchEventLoop(onDelay?: (delayMs: number) => void): EventLoopWatch {
  const delays: number[] = [];
  let expected = performance.now() + TICK_MS;
  const timer = setInterval(() => {
    const delayMs = Math.max(0, performance.now() - expected);
    expected = performance.now() + TICK_MS;
    delays.push(delayMs);
    if (delays.length > KEPT) delays.shift();
    onDelay?.(delayMs);
  }, TICK_MS);
  timer.unref();
  return { delayMs: () => Math.round(Math.max(0, ...delays)), stop: () => clearInterval(timer) };
}
