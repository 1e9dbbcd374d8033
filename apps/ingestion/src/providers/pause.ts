/** Waits `delayMs`, or until the signal aborts; never rejects. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(delayMs, 2_147_483_647));
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Lets timers and sockets have a turn between two batches of a loop that could otherwise run on microtasks alone. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
