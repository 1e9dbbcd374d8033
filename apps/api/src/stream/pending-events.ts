import type { LogKey, Position } from './cursor';
import type { PushEvent } from './push-event';

/** An event on its way to one client, with the position that is reached once it is written. */
export interface PendingEvent {
  readonly key: LogKey;
  readonly position: Position;
  readonly event: PushEvent;
}

/**
 * What waits for a slow client, in the order of the logs. A newer price or indicator value of a series replaces the one
 * that still waits, so these are bounded by the number of series; signals and alerts are never replaced, only bounded.
 * Replacing keeps the order of positions inside each log, so a client that is cut while it drains resumes exactly.
 */
export class PendingEvents {
  readonly #waiting = new Map<string, PendingEvent>();
  #unique = 0;
  #kept = 0;

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.#waiting.size;
  }

  /** False when there is no room: the client must be let go, and can resume from the log. */
  push(pending: PendingEvent): boolean {
    const { conflateBy } = pending.event;
    if (conflateBy === null) {
      if (this.#kept >= this.limit) return false;
      this.#kept++;
      this.#waiting.set(`#${this.#unique++}`, pending);
      return true;
    }
    this.#waiting.delete(conflateBy);
    this.#waiting.set(conflateBy, pending);
    return true;
  }

  shift(): PendingEvent | undefined {
    const first = this.#waiting.entries().next();
    if (first.done) return undefined;
    const [key, pending] = first.value;
    this.#waiting.delete(key);
    if (pending.event.conflateBy === null) this.#kept--;
    return pending;
  }
}
