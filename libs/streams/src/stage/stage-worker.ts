import { setTimeout as delay } from 'node:timers/promises';
import { partitionTags } from '../layout/partition';
import { stageLayouts, streamKey } from '../layout/keys';
import { partitionsOf } from '../membership/assignment';
import { createMembership, type Membership } from '../membership/membership';
import { createEntrySource, type EntrySource } from './entry-source';
import type { LogEntry } from './log-entry';
import { Ownership } from './ownership';
import type { PartitionRunner } from './partition-runner';
import { readStandings, type PartitionStanding } from './partition-store';
import { inTime } from '../in-time';
import { defaultTuning, type StageOptions, type StageTuning } from './stage-options';

export interface PartitionStatus {
  readonly partition: number;
  readonly epoch: number;
  readonly state: string;
  readonly off: number;
  readonly lagBars: number;
  /** How long what is not in the snapshot has waited for it, ms; 0 when all is saved. */
  readonly unsavedForMs: number;
}

export interface StageStatus {
  readonly owned: readonly PartitionStatus[];
  /** Partitions that should be ours but are not (yet). */
  readonly awaited: number;
  /** Partitions that need a human, with the reason. */
  readonly halted: ReadonlyMap<number, string>;
  readonly live: readonly string[];
  /** ms since the last heartbeat that Redis answered. */
  readonly heartbeatAgeMs: number;
  /** ms since all owned partitions last made progress or had nothing to do. */
  readonly stuckForMs: number;
}

/** A process' part in a stage. */
export interface StageWorker {
  start(): Promise<void>;
  /** Drains: finishes batches, saves, releases, leaves. `graceMs` bounds it when Redis is away. */
  stop(graceMs?: number): Promise<void>;
  status(): StageStatus;
  /** Changes limits while it runs. */
  tune(tuning: Partial<StageTuning>): void;
}

export function createStageWorker<Item extends { readonly cell: string }>(options: StageOptions<Item>): StageWorker {
  return new Worker(options);
}

/** Every so many audits also look for what a failover has given back to us. */
const RETURNED_EVERY = 3;
/** How long the reading waits for what it has handed out. */
const HELD_UP_MS = 50;
/** How long a process that has given everything away waits to say so. */
const GONE_MS = 500;
/** Hands over quickly: while a wanted partition belongs to somebody else, ask more often than the heartbeat. */
const HANDOVER_POLL_MS = 100;

class Worker<Item extends { readonly cell: string }> implements StageWorker {
  readonly #options: StageOptions<Item>;
  readonly #tuning: StageTuning;
  readonly #inputs: readonly string[];
  readonly #partitionOfKey: ReadonlyMap<string, number>;
  readonly #membership: Membership;
  readonly #ownership: Ownership<Item>;
  readonly #source: EntrySource;
  #running = false;
  #reading: Promise<void> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #audits = 0;

  constructor(options: StageOptions<Item>) {
    this.#options = options;
    this.#tuning = { ...defaultTuning, ...options.tuning };
    const { partitions, stage, link, log, id } = options;
    const tags = partitionTags(partitions);
    this.#inputs = tags.map((tag) => streamKey(stageLayouts[stage].input, tag));
    this.#partitionOfKey = new Map(this.#inputs.map((key, partition) => [key, partition]));
    this.#source = createEntrySource(link, stage, this.#tuning.blockMs, log);
    const { ttlMs, heartbeatMs } = this.#tuning;
    this.#membership = createMembership({
      link,
      stage,
      id,
      ttlMs,
      heartbeatMs,
      log,
      onLive: (live) => this.#ownership.want(partitionsOf(id, partitions, live)),
    });
    this.#ownership = new Ownership(options, this.#tuning, tags, this.#membership);
  }

  async start(): Promise<void> {
    this.#running = true;
    await this.#membership.start();
    if (!this.#running) return; // stopped meanwhile
    this.#reading = this.#readLoop();
    this.#timers.push(setInterval(() => void this.#audit(), this.#tuning.auditEveryMs));
    this.#timers.push(setInterval(() => this.#ownership.reconcile(), HANDOVER_POLL_MS));
  }

  tune(tuning: Partial<StageTuning>): void {
    Object.assign(this.#tuning, tuning);
  }

  async stop(graceMs = 4_000): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearInterval(timer);
    let abandoned = false;
    const abandon = setTimeout(() => {
      abandoned = true;
      for (const runner of this.#runners.values()) runner.abandon();
    }, graceMs);
    // Leaving first lets the others take each partition the moment it is released.
    await Promise.race([this.#membership.leave(), delay(graceMs, undefined, { ref: false })]);
    await this.#ownership.end();
    await Promise.all([...this.#runners.values()].map((runner) => runner.release()));
    clearTimeout(abandon);
    if (!abandoned) await Promise.race([this.#membership.stop(), delay(GONE_MS, undefined, { ref: false })]);
    this.#source.close();
    await this.#reading;
    this.#runners.clear();
  }

  status(): StageStatus {
    const now = performance.now();
    const owned = [...this.#runners.values()];
    return {
      owned: owned.map((runner) => ({
        partition: runner.partition,
        epoch: runner.epoch,
        state: runner.state,
        off: runner.off,
        unsavedForMs: runner.unsavedForMs(now),
        lagBars: Math.max(0, (runner.standing?.tailBars ?? 0) - (runner.standing?.offBars ?? 0)),
      })),
      awaited: this.#ownership.awaited,
      halted: this.#ownership.halted,
      live: this.#membership.live(),
      heartbeatAgeMs: this.#membership.heartbeatAgeMs(),
      stuckForMs: Math.max(0, ...owned.map((runner) => now - runner.progressAt)),
    };
  }

  get #runners(): Ownership<Item>['runners'] {
    return this.#ownership.runners;
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #readLoop(): Promise<void> {
    let foundAt = 0;
    while (this.#running) {
      const now = performance.now();
      const occasion = now - foundAt < this.#tuning.latestEveryMs ? 'busy' : 'quiet';
      for (const runner of this.#runners.values()) void runner.tick(now, occasion);
      const readable = [...this.#runners.values()]
        .filter((runner) => runner.readable)
        .slice(0, this.#tuning.maxInFlight);
      if (readable.length === 0) {
        await delay(5);
        continue;
      }
      const wanted = readable.map((runner) => ({
        key: this.#inputs[runner.partition] as string,
        count: runner.readEntries,
      }));
      const found = await this.#source.read(wanted);
      if (found.size > 0) foundAt = performance.now();
      const handled = [...found].map(([key, entries]) => this.#hand(this.#runnerOf(key), entries));
      // One that is held back must not hold up the others: go on after a moment with those that are free.
      if (handled.length > 0) await inTime(HELD_UP_MS, Promise.all(handled));
    }
  }

  #hand(runner: PartitionRunner<Item> | undefined, entries: readonly LogEntry[]): Promise<void> | undefined {
    const { within } = this.#options;
    if (!runner || !within) return runner?.handle(entries);
    return within(runner.partition, entries, () => runner.handle(entries));
  }

  #runnerOf(key: string): PartitionRunner<Item> | undefined {
    const partition = this.#partitionOfKey.get(key);
    return partition === undefined ? undefined : this.#runners.get(partition);
  }

  // ── audit ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #audit(): Promise<void> {
    const runners = [...this.#runners.values()];
    try {
      const standings = await readStandings(
        this.#options.link.commands,
        this.#options.stage,
        runners.map(({ tag }) => tag),
      );
      runners.forEach((runner, i) => void runner.audit(standings[i] as PartitionStanding));
      if (++this.#audits % RETURNED_EVERY === 0) await this.#ownership.giveBackReturned();
    } catch (error) {
      this.#options.log.debug('audit failed', { error: String(error) });
    }
  }
}
