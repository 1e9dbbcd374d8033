export interface FakeClock {
  /** Epoch ms. */
  now(): number;
  /** Moves the clock; returns the new time. */
  advance(ms: number): number;
  set(epochMs: number): void;
}

/** A clock that moves only when told to; hand `clock.now` to what takes a clock. Starts at 2026-01-05T00:00:00Z, a Monday. */
export function fakeClock(startMs = Date.UTC(2026, 0, 5)): FakeClock {
  let time = startMs;
  return {
    now: () => time,
    advance: (ms) => (time += ms),
    set: (epochMs) => {
      time = epochMs;
    },
  };
}
