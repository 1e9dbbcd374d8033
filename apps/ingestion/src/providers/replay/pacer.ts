import { pause } from '../pause';
import type { Speed } from '../speed';

/** Tells when a recorded moment is due. */
export interface Pacer {
  /** Waits until the bar that opens at `time` is due; resolves at once when it is (or the signal aborts). */
  until(time: number, signal: AbortSignal): Promise<void> | null;
}

/** The first time stamp is due at once; the others follow at the speed, a late one is not waited for. */
export function createPacer(speed: Speed, now: () => number): Pacer {
  let firstTime = Number.NaN;
  let startedAt = 0;
  let current = Number.NaN;
  let steps = -1;
  return {
    until(time, signal) {
      if (speed.kind === 'max') return null;
      if (Number.isNaN(firstTime)) {
        firstTime = time;
        startedAt = now();
      }
      if (time !== current) steps += 1;
      current = time;
      const offsetMs = speed.kind === 'factor' ? (time - firstTime) / speed.factor : (steps * 1000) / speed.perSecond;
      const delayMs = startedAt + offsetMs - now();
      return delayMs > 0 ? pause(delayMs, signal) : null;
    },
  };
}
