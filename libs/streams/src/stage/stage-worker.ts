import { setTimeout as delay } from 'node:timers/promises';
import { partitionTag } from '../layout/partition';
import { stageKey, stageLayouts, stateKey, streamKey, tailSource } from '../layout/keys';
import { partitionsOf } from '../membership/assignment';
import { createMembership, type Membership } from '../membership/membership';
import { acquire, release } from '../protocol/scripts';
import { createEntrySource, type EntrySource } from './entry-source';
import type { LogEntry } from './log-entry';
import { PartitionRunner } from './partition-runner';
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
/** Hands over quickly: while a wanted partition belongs to somebody else, ask more often than the heartbeat. */
const HANDOVER_POLL_MS = 100;

class Worker<Item extends { readonly cell: string }> implements StageWorker {
  readonly #options: StageOptions<Item>;
  readonly #tuning: StageTuning;
  readonly #tags: readonly string[];
  readonly #inputs: readonly string[];
  readonly #partitionOfKey: ReadonlyMap<string, number>;
  readonly #runners = new Map<number, PartitionRunner<Item>>();
  readonly #halted = new Map<number, string>();
  /** Partitions whose state is too new for us. */
  readonly #newer = new Set<number>();
  readonly #membership: Membership;
  readonly #source: EntrySource;
  #wanted: readonly number[] = [];
  #running = false;
  #reconciling: Promise<void> | null = null;
  #reading: Promise<void> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #audits = 0;

  constructor(options: StageOptions<Item>) {
    this.#options = options;
    this.#tuning = { ...defaultTuning, ...options.tuning };
    const { partitions, stage, link, log, id } = options;
    this.#tags = Array.from({ length: partitions }, (_, i) => partitionTag(i, partitions));
    this.#inputs = this.#tags.map((tag) => streamKey(stageLayouts[stage].input, tag));
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
      onLive: (live) => this.#onLive(live),
    });
  }

  async start(): Promise<void> {
    this.#running = true;
    await this.#membership.start();
    this.#reading = this.#readLoop();
    this.#timers.push(setInterval(() => void this.#audit(), this.#tuning.auditEveryMs));
    this.#timers.push(setInterval(() => void this.#reconcile(), HANDOVER_POLL_MS));
  }

  tune(tuning: Partial<StageTuning>): void {
    Object.assign(this.#tuning, tuning);
  }

  async stop(graceMs = 4_000): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearInterval(timer);
    const runners = [...this.#runners.values()];
    const abandon = setTimeout(() => runners.forEach((runner) => runner.abandon()), graceMs);
    // Leaving first lets the others take each partition the moment it is released.
    await Promise.race([this.#membership.stop(), delay(graceMs, undefined, { ref: false })]);
    await this.#reconciling;
    await Promise.all([...this.#runners.values()].map((runner) => runner.release()));
    clearTimeout(abandon);
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
      awaited: this.#wanted.filter((partition) => !this.#runners.has(partition)).length,
      halted: this.#halted,
      live: this.#membership.live(),
      heartbeatAgeMs: this.#membership.heartbeatAgeMs(),
      stuckForMs: Math.max(0, ...owned.map((runner) => now - runner.progressAt)),
    };
  }

  // ── ownership ────────────────────────────────────────────────────────────────────────────────────────────────────

  #onLive(live: readonly string[]): void {
    const { id, partitions } = this.#options;
    this.#wanted = partitionsOf(id, partitions, live);
    void this.#reconcile();
  }

  /** Release, then acquire, one partition at a time; the others never stop. */
  #reconcile(): Promise<void> {
    this.#dropLost();
    if (!this.#running || this.#reconciling) return this.#reconciling ?? Promise.resolve();
    const surplus = [...this.#runners.values()].filter(({ partition }) => !this.#wanted.includes(partition));
    const missing = this.#wanted.filter((partition) => !this.#runners.has(partition) && !this.#halted.has(partition));
    if (surplus.length === 0 && missing.length === 0) return Promise.resolve();
    this.#reconciling = this.#settle(surplus, missing)
      .catch((error: unknown) =>
        this.#options.log.debug('ownership could not be settled; trying again', { error: String(error) }),
      )
      .finally(() => (this.#reconciling = null));
    return this.#reconciling;
  }

  async #settle(surplus: readonly PartitionRunner<Item>[], missing: readonly number[]): Promise<void> {
    for (const runner of surplus) {
      await runner.release();
      this.#runners.delete(runner.partition);
    }
    const { link, stage } = this.#options;
    const standings = await readStandings(
      link.commands,
      stage,
      missing.map((partition) => this.#tags[partition] as string),
    );
    for (const [i, partition] of missing.entries()) {
      const standing = standings[i];
      if (this.#running && standing && this.#mayTake(standing)) await this.#acquire(partition, standing);
    }
  }

  #mayTake({ owner }: PartitionStanding): boolean {
    return owner === '' || owner === this.#options.id || this.#membership.absentForMs(owner) >= this.#tuning.ttlMs;
  }

  async #acquire(partition: number, standing: PartitionStanding): Promise<void> {
    const { link, stage, id, stateVersion, beginAnywhere, log } = this.#options;
    const tag = this.#tags[partition] as string;
    const tail = tailSource(stage, tag);
    const keys = [
      stageKey(stage, tag),
      this.#inputs[partition] as string,
      tail.key,
      streamKey(stageLayouts[stage].output, tag),
      stateKey(stage, tag),
    ];
    const args = [id, standing.epoch, stage, stateVersion, tail.offset, beginAnywhere ? 1 : 0, tail.bars];
    const reply = await acquire.run(link.commands, keys, args);
    if (reply.status === 'VANISHED') {
      const reason = `${stageKey(stage, tag)} is gone but its output or state is there; restore it or delete all keys of {${tag}}`;
      this.#halted.set(partition, reason);
      log.error(reason, { partition });
      this.#options.onEvent?.({ type: 'halted', partition, epoch: null, reason });
      return;
    }
    if (reply.status === 'NEWER' && !this.#newer.has(partition)) {
      this.#newer.add(partition); // said once: it is tried again many times a second
      log.warn(`state of partition ${partition} has version ${reply.version}, newer than ours; standing by`, {
        partition,
        epoch: standing.epoch,
      });
    }
    if (reply.status !== 'OK') return;
    this.#newer.delete(partition);
    const runner = new PartitionRunner(this.#options, this.#tuning, partition, tag, stage, reply);
    this.#runners.set(partition, runner);
    await this.#load(runner);
  }

  async #load(runner: PartitionRunner<Item>): Promise<void> {
    for (let tries = 1; this.#running && runner.state === 'loading'; tries++) {
      try {
        await runner.load();
      } catch (error) {
        this.#options.log[tries === 1 ? 'warn' : 'debug']('loading a partition failed; trying again', {
          partition: runner.partition,
          epoch: runner.epoch,
          error: String(error),
        });
        await delay(this.#tuning.heartbeatMs);
      }
    }
  }

  #dropLost(): void {
    for (const [partition, runner] of this.#runners) {
      if (runner.state === 'lost' || runner.state === 'released') this.#runners.delete(partition);
      if (runner.state === 'halted') this.#halted.set(partition, 'see the log');
    }
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #readLoop(): Promise<void> {
    while (this.#running) {
      const now = performance.now();
      for (const runner of this.#runners.values()) void runner.tick(now);
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
      if (++this.#audits % RETURNED_EVERY === 0) await this.#giveBackReturned();
    } catch (error) {
      this.#options.log.debug('audit failed', { error: String(error) });
    }
  }

  /**
   * A failover may lose the hand-over of a partition: Redis then says again that it is ours, the new owner has been fenced off and
   * waits for somebody who is alive and knows of nothing. What is neither wanted nor held is given away once more.
   */
  async #giveBackReturned(): Promise<void> {
    const { link, stage, id, log } = this.#options;
    const others = this.#tags
      .map((tag, partition) => ({ tag, partition }))
      .filter(({ partition }) => !this.#wanted.includes(partition) && !this.#runners.has(partition));
    const standings = await readStandings(
      link.commands,
      stage,
      others.map(({ tag }) => tag),
    );
    for (const [i, { tag, partition }] of others.entries()) {
      const { owner, epoch } = standings[i] as PartitionStanding;
      if (owner !== id || this.#reconciling || this.#wanted.includes(partition)) continue;
      log.warn('Redis says that a partition is ours which we have given away; giving it away again', {
        partition,
        epoch,
      });
      await release.run(link.commands, [stageKey(stage, tag)], [epoch, id]);
    }
  }
}
