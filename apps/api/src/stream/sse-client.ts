import type { Response } from 'express';
import { readAfter, type LogKey, type Position, type StartingPoint } from './cursor';
import { PendingEvents, type PendingEvent } from './pending-events';
import type { PushEvent } from './push-event';
import { RunningCursor } from './running-cursor';
import { wants, type StreamFilter } from './stream-filter';

/** Signals and alerts that wait for one slow client before it is let go. */
const MAX_KEPT_EVENTS = 1_000;
/** After this long without reading a byte a client counts as gone. */
const STALLED_AFTER_MS = 60_000;
const RECONNECT_MS = 2_000;
const CHUNK_CHARS = 32_768;
/** A burst up to this size may wait in the socket; a client that is further behind counts as slow. */
const MAX_BUFFERED_BYTES = 262_144;

/** Entries of a log that no client can have any more: it was trimmed or lost, or all logs were made anew for other partitions. */
type Gap =
  | { readonly log: LogKey; readonly trimmed: number }
  | { readonly log: LogKey; readonly lost: number }
  | { readonly log: '*'; readonly repartitioned: true };

/**
 * One reader of `/stream`. Writes events as they come; while its socket is full it keeps the newest ones. Every event's
 * id is the whole cursor as it stands once that event is read, so whatever ends the line, the client resumes exactly.
 */
export class SseClient {
  readonly #cursor: RunningCursor;
  readonly #pending = new PendingEvents(MAX_KEPT_EVENTS);
  /** Last entry taken, by log. */
  readonly #taken = new Map<LogKey, number>();
  /** Entries of which the client had read a part when it left. */
  readonly #partly = new Map<LogKey, Position>();
  /** Entries taken whose position is not yet in the cursor, because events before them still wait. */
  readonly #passed = new Map<LogKey, number>();
  #blockedSince: number | null = null;
  /** Messages on their way into one write. */
  #unsent = '';

  constructor(
    private readonly res: Response,
    readonly filter: StreamFilter,
    private readonly from: StartingPoint,
  ) {
    this.#cursor = new RunningCursor(from.cursor);
    for (const [key, position] of from.cursor) {
      this.#taken.set(key, readAfter(position));
      if (position.events !== null) this.#partly.set(key, position);
    }
    res.on('drain', () => {
      this.#blockedSince = null;
      this.#flush();
    });
  }

  get open(): boolean {
    return !this.res.writableEnded && !this.res.destroyed;
  }

  get blocked(): boolean {
    return this.#blockedSince !== null;
  }

  logs(): readonly LogKey[] {
    return [...this.#taken.keys()];
  }

  follows(key: LogKey): boolean {
    return this.#taken.has(key);
  }

  /** The last entry that this client has taken from a log. */
  taken(key: LogKey): number {
    return this.#taken.get(key) ?? 0;
  }

  start(): void {
    this.res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    this.#write(`retry: ${RECONNECT_MS}\nid: ${this.#cursor.text()}\n\n`);
    if (this.from.isRepartitioned) this.#tellGap({ log: '*', repartitioned: true });
  }

  /** Takes the messages of one entry; what came before, and what the client had read when it left, is skipped. */
  entry(key: LogKey, offset: number, events: readonly (PushEvent | null)[]): void {
    const taken = this.taken(key);
    if (offset <= taken || !this.open) return;
    if (offset > taken + 1) this.#tellGap({ log: key, trimmed: offset - 1 - taken });
    this.#taken.set(key, offset);
    const partly = this.#partly.get(key);
    const first = partly?.offset === offset ? (partly.events ?? 0) : 0;
    for (let i = first; i < events.length; i++) {
      const event = events[i];
      if (event && wants(this.filter, event)) this.#take({ key, position: { offset, events: i + 1 }, event });
    }
    this.#passed.set(key, offset);
    this.#flush();
  }

  /** Goes on from the end of a log that is shorter than what the client has read: the log was lost and begun anew. */
  rewind(key: LogKey, end: number): void {
    this.#tellGap({ log: key, lost: this.taken(key) - end });
    this.#taken.set(key, end);
    this.#partly.delete(key);
    this.#cursor.set(key, { offset: end, events: null });
  }

  /** Keeps proxies from closing the line, and carries the cursor past what was filtered out. */
  heartbeat(): void {
    if (this.#blockedSince === null) this.#write(`: heartbeat\nid: ${this.#cursor.text()}\n\n`);
    else if (performance.now() - this.#blockedSince > STALLED_AFTER_MS) this.res.destroy();
  }

  /** Says why, and ends; the client comes back with the last id that it has read. */
  end(reason: string): void {
    if (this.open) this.res.end(`: ${reason}\n\n`);
  }

  /** Resolves when the socket has room again or is gone. */
  writable(): Promise<void> {
    if (!this.blocked || !this.open) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.res.off('drain', done);
        this.res.off('close', done);
        resolve();
      };
      this.res.once('drain', done);
      this.res.once('close', done);
    });
  }

  /** What cannot be had any more is said, never left out in silence: an event named `gap`, with the number of entries if it is known. */
  #tellGap(gap: Gap): void {
    const data = { type: 'gap', symbol: '', data: gap, timestamp: new Date().toISOString() };
    this.#write(`event: gap\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Writes at once what the socket can take; only what must wait is conflated. */
  #take(event: PendingEvent): void {
    if (!this.blocked && this.#pending.size === 0) this.#say(event);
    else if (!this.#pending.push(event)) this.end('too slow: come back with your last id');
  }

  #flush(): void {
    while (this.open && !this.blocked) {
      const next = this.#pending.shift();
      if (!next) break;
      this.#say(next);
    }
    this.#send();
    if (this.#pending.size > 0) return;
    for (const [key, offset] of this.#passed) this.#cursor.set(key, { offset, events: null });
    this.#passed.clear();
  }

  #say({ key, position, event }: PendingEvent): void {
    this.#cursor.set(key, position);
    this.#unsent += `id: ${this.#cursor.text()}\nevent: ${event.channel}\ndata: ${event.json}\n\n`;
    if (this.#unsent.length >= CHUNK_CHARS) this.#send();
  }

  #send(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text !== '') this.#write(text);
  }

  #write(text: string): void {
    if (!this.open || this.res.write(text) || this.res.writableLength < MAX_BUFFERED_BYTES) return;
    this.#blockedSince ??= performance.now();
  }
}
