import type { RateLimitedLogger } from '@wagehood/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frequencies } from '../read-model/frequencies';
import { Throttle } from '../read-model/throttle';
import { leaveInTime } from '../read-model/leave-in-time';
import { logKey, type Cursor, type LogKey, type StartingPoint } from './cursor';
import { expandEntry, type TailEntry } from './expand-entry';
import type { LogReader } from './log-reader';
import type { SseClient } from './sse-client';
import { logsOf, type StreamFilter } from './stream-filter';

const READ_ENTRIES = 64;
const IDLE_MS = 20;
const OUTAGE_MS = 250;
const HEARTBEAT_MS = 15_000;
/** How often, while nothing comes, the ends of the logs are compared with ours: after a loss they lie behind. */
const CHECK_ENDS_MS = 2_000;
const GOODBYE = 'shutting down: come back with your last id';

export interface HubOptions {
  readonly reader: LogReader;
  readonly frequencies: () => Frequencies;
  readonly log: Pick<RateLimitedLogger, 'warn'>;
  readonly heartbeatMs?: number;
}

/**
 * Reads every log that some client wants once, and hands each entry to all clients that want it. A client that comes
 * back with an old cursor reads the logs for itself until it stands where the hub stands, and joins between two entries.
 */
export class Hub {
  /** Everybody who is served, and those of them who have caught up. */
  readonly #clients = new Set<SseClient>();
  readonly #joined = new Set<SseClient>();
  readonly #at = new Map<LogKey, number>();
  readonly #throttle = new Throttle();
  #reading: Promise<void> | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(private readonly options: HubOptions) {}

  get size(): number {
    return this.#clients.size;
  }

  /**
   * Where a client starts: its own cursor as far as it goes, the present end of every other log of its filter. Its symbols may have
   * moved to other logs since it left: then it has seen nothing of any, and starts where they begin.
   */
  async startFor(filter: StreamFilter, resumed: Cursor | null): Promise<StartingPoint> {
    const keys = this.#logKeys(filter);
    const { reader } = this.options;
    const [ends, base] = await Promise.all([reader.ends(keys), reader.base()]);
    const isRepartitioned = [...(resumed?.values() ?? [])].some(({ offset }) => offset < base);
    const offsetOf = (key: LogKey): number => (isRepartitioned ? base : (ends.get(key) ?? 0));
    const own = isRepartitioned ? null : resumed;
    const cursor = new Map(keys.map((key) => [key, own?.get(key) ?? { offset: offsetOf(key), events: null }] as const));
    return { cursor, isRepartitioned };
  }

  /** Serves a client until its line closes. */
  async serve(client: SseClient): Promise<void> {
    if (this.#stopped) return client.end(GOODBYE);
    this.#clients.add(client);
    this.#beat();
    client.start();
    try {
      await this.#dropLostLogs(client);
      await this.#catchUp(client);
    } catch (error) {
      this.options.log.warn('client', 'a client could not be caught up', { reason: String(error) });
      client.end('the streams cannot be read: come back with your last id');
    }
    if (client.open) this.#join(client);
    else this.leave(client);
  }

  leave(client: SseClient): void {
    this.#clients.delete(client);
    this.#joined.delete(client);
    if (this.#clients.size === 0) this.#rest();
    const wanted = new Set([...this.#joined].flatMap((other) => other.logs()));
    for (const key of this.#at.keys()) if (!wanted.has(key)) this.#at.delete(key);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const client of [...this.#clients]) {
      client.end(GOODBYE);
      this.leave(client);
    }
    this.#rest();
    await leaveInTime(this.#reading);
  }

  #logKeys(filter: StreamFilter): readonly LogKey[] {
    const { reader } = this.options;
    const partitions = filter.symbols
      ? [...new Set(Array.from(filter.symbols, (symbol) => reader.partitionOf(symbol)))].sort((a, b) => a - b)
      : Array.from({ length: reader.partitions }, (_, i) => i);
    return logsOf(filter).flatMap((log) => partitions.map((partition) => logKey(log, partition)));
  }

  /** A cursor beyond the end of a log comes from a log that was lost. */
  async #dropLostLogs(client: SseClient): Promise<void> {
    const ends = await this.options.reader.ends(client.logs());
    for (const [key, end] of ends) if (client.taken(key) > end) client.rewind(key, end);
  }

  async #catchUp(client: SseClient): Promise<void> {
    const throttle = new Throttle();
    while (client.open && !this.#stopped) {
      const behind = client.logs().filter((key) => client.taken(key) < (this.#at.get(key) ?? Infinity));
      if (behind.length === 0) return;
      const batches = await this.options.reader.read(
        new Map(behind.map((key) => [key, client.taken(key)])),
        READ_ENTRIES,
      );
      for (const { key, entries } of batches) {
        for (const entry of entries) {
          client.entry(key, entry.offset, expandEntry(entry, this.options.frequencies(), throttle));
          if (client.blocked) await client.writable(); // what was missed is given whole, at the client's own pace
        }
      }
      if (batches.length === 0) return;
    }
  }

  #join(client: SseClient): void {
    this.#joined.add(client);
    for (const key of client.logs()) if (!this.#at.has(key)) this.#at.set(key, client.taken(key));
    this.#follow();
  }

  #follow(): void {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      if (this.#joined.size > 0 && !this.#stopped) this.#follow();
    });
  }

  #beat(): void {
    this.#heartbeat ??= setInterval(
      () => this.#clients.forEach((client) => client.heartbeat()),
      this.options.heartbeatMs ?? HEARTBEAT_MS,
    );
  }

  #rest(): void {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  async #read(): Promise<void> {
    let checkedAt = performance.now();
    while (this.#joined.size > 0 && !this.#stopped) {
      try {
        const batches = await this.options.reader.read(this.#at, READ_ENTRIES);
        for (const { key, entries } of batches) this.#deliver(key, entries);
        if (batches.length > 0) continue;
        if (performance.now() - checkedAt > CHECK_ENDS_MS) {
          await this.#checkEnds();
          checkedAt = performance.now();
        }
        await delay(IDLE_MS);
      } catch (error) {
        if (this.#stopped) return;
        this.options.log.warn('read', 'reading the streams failed; trying again', { reason: String(error) });
        await delay(OUTAGE_MS);
      }
    }
  }

  #deliver(key: LogKey, entries: readonly TailEntry[]): void {
    if (!this.#at.has(key)) return; // the last one who wanted it left during the read
    const listeners = [...this.#joined].filter((client) => client.follows(key));
    for (const entry of entries) {
      const events = expandEntry(entry, this.options.frequencies(), this.#throttle);
      for (const client of listeners) client.entry(key, entry.offset, events);
      this.#at.set(key, entry.offset);
    }
    for (const client of listeners) if (!client.open) this.leave(client);
  }

  async #checkEnds(): Promise<void> {
    const ends = await this.options.reader.ends([...this.#at.keys()]);
    for (const [key, end] of ends) {
      const at = this.#at.get(key);
      if (at === undefined || at <= end) continue;
      this.options.log.warn('shorter', 'a log is shorter than it was; following it from its new end', {
        log: key,
        at,
        end,
      });
      this.#at.set(key, end);
      for (const client of this.#joined) if (client.taken(key) > end) client.rewind(key, end);
    }
  }
}
