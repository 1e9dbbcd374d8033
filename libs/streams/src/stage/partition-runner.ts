import { setTimeout as delay } from 'node:timers/promises';
import { stageKey, stageLayouts, streamKey } from '../layout/keys';
import { release, resync, type StagePosition } from '../protocol/scripts';
import { CarefulWalk } from './careful';
import { countPending } from './count-pending';
import type { Occasion } from './commit-pace';
import type { CommitOutcome, Committer } from './committer';
import { loadPartition } from './load-partition';
import type { PartitionFolder } from './partition-folder';
import {
  createPartitionStore,
  isIdle,
  readPosition,
  type PartitionStanding,
  type PartitionStore,
} from './partition-store';
import type { LogEntry } from './log-entry';
import type { PartitionProcessor } from './processor';
import { ReadSize } from './read-size';
import type { Replayed } from './replay-input';
import type { StageEvent, StageOptions, StageTuning } from './stage-options';
import { untilAnswered } from './until-answered';

/**
 *   loading ──► idle ⇄ busy           busy: a batch, a save, a resync or the release is in flight
 *                 │      │
 *                 ▼      ▼
 *              released  lost | halted     lost: somebody else owns it now   halted: an alarm, a human must look
 */
export type RunnerState = 'loading' | 'idle' | 'busy' | 'released' | 'lost' | 'halted';

/** One owned partition: folds what is read, has it committed, repairs its cursor, gives the partition away. */
export class PartitionRunner<Item extends { readonly cell: string }> {
  state: RunnerState = 'loading';
  /** Last time the committed offset moved or there was nothing to do. */
  progressAt = performance.now();
  standing: PartitionStanding | null = null;

  readonly #store: PartitionStore;
  readonly #readSize: ReadSize;
  #folder!: PartitionFolder<Item>;
  #committer!: Committer<Item>;
  #processor!: PartitionProcessor<Item>;
  #walk: CarefulWalk<Item> | null = null;
  #draining = false;
  #handledAtMs = -Infinity;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: StageOptions<Item>,
    private readonly tuning: StageTuning,
    readonly partition: number,
    readonly tag: string,
    private readonly group: string,
    private position: StagePosition,
  ) {
    this.#store = createPartitionStore(options.link.commands, options.stage, tag);
    this.#readSize = new ReadSize(tuning);
  }

  get epoch(): number {
    return this.position.epoch;
  }
  /** Committed offset of the input. */
  get off(): number {
    return this.state === 'loading' ? this.position.off : this.#committer.off;
  }
  /** How long what is not in the snapshot has waited for it, ms. */
  unsavedForMs(nowMs: number): number {
    return this.state === 'loading' ? 0 : this.#committer.unsavedForMs(nowMs);
  }
  get readable(): boolean {
    return this.state === 'idle' && !this.#draining;
  }
  /** With a suspect ahead, entries are read one at a time. */
  get readEntries(): number {
    return this.#walk ? 1 : this.#readSize.entries;
  }

  /**
   * Loads the snapshot and folds snap+1…off again. Redis may fail over between two of our reads, and then they tell of two pasts:
   * only what is missing twice, at the same place, is gone.
   */
  async load(): Promise<void> {
    const startedAt = performance.now();
    let suspicion = '';
    for (;;) {
      const { replayed, missing } = await this.#loadOnce();
      if (missing === null) return this.#loadedSince(startedAt, replayed);
      const reason = `committed input ${missing}…${this.position.off} is no longer in the stream`;
      if (reason === suspicion) return this.#missing(reason);
      suspicion = reason;
      await delay(this.tuning.auditEveryMs);
      if (!(await this.#refreshPosition())) return;
    }
  }

  async #loadOnce(): Promise<Replayed> {
    const { options, tuning, partition, tag, group } = this;
    const loaded = await loadPartition(
      {
        ...{ options, tuning, partition, tag, group },
        untilAnswered: (call) => this.#untilAnswered(call),
        isDraining: () => this.#draining,
        onProgress: () => (this.progressAt = performance.now()),
      },
      this.#store,
      this.position,
      (letter) => this.#emit({ type: 'dead-letter', partition, epoch: this.epoch, ...letter }),
    );
    this.#processor = loaded.processor;
    this.#folder = loaded.folder;
    this.#committer = loaded.committer;
    return loaded;
  }

  #loadedSince(startedAt: number, replayed: number): void {
    const { options, partition, tag, epoch } = this;
    const { off } = this.position;
    this.#walk = CarefulWalk.ifSuspect(options, { ...this.position, tag }, (call) => this.#untilAnswered(call));
    if (this.#walk) options.log.warn('owners died at one offset; walking item by item', { partition, offset: off + 1 });
    if (this.state === 'loading') this.state = 'idle';
    this.progressAt = performance.now();
    this.#emit({ type: 'acquired', partition, epoch, replayed, tookMs: performance.now() - startedAt });
  }

  /** Takes what a read has delivered. Resolves when it is committed (or will never be by us). */
  handle(entries: readonly LogEntry[]): Promise<void> {
    return this.#exclusively(async () => {
      if (!this.#draining) await this.#take(entries);
      for (const entry of entries) entry.free();
    });
  }

  async #take(entries: readonly LogEntry[]): Promise<void> {
    const [first] = entries;
    if (!first || first.offset !== this.off + 1) return this.#resync(`read ${first?.offset} after ${this.off}`);
    const startedAt = performance.now();
    this.#handledAtMs = startedAt;
    const before = this.#folder.position;
    const last = this.#walk ? await this.#walkOver(first) : this.#folder.foldAll(entries);
    if (!last) return;
    const [count, bars] = [last.offset - before.offset, last.bars - before.bars];
    this.#readSize.note(count, bars);
    this.#folder.outbox.closeEntry();
    const events = this.#folder.outbox.outs.reduce((sum, { bars }) => sum + bars, 0);
    const { reply, states } = await this.#commit('busy');
    if (reply?.status !== 'OK') return;
    this.#emit({
      type: 'committed',
      partition: this.partition,
      epoch: this.epoch,
      inputs: entries,
      entries: count,
      bars,
      events,
      states,
      tookMs: performance.now() - startedAt,
      latencyMs: (reply.atMicros - Number(first.token)) / 1_000,
      endToEndMs: (reply.atMicros - Number(first.origin)) / 1_000,
      atMicros: reply.atMicros,
    });
  }

  /** Housekeeping of a partition without input: latest values that wait, cells that are due. With input they go with the next bars. */
  tick(nowMs: number, occasion: Occasion): Promise<void> | null {
    if (occasion === 'busy' && nowMs - this.#handledAtMs < this.tuning.latestEveryMs) return null;
    if (!this.readable || !this.#committer.isDue(nowMs, occasion)) return null;
    return this.#exclusively(async () => void (await this.#commit(occasion)));
  }

  /** Compares with what Redis says; called each audit with a fresh standing. */
  audit(standing: PartitionStanding): Promise<void> | null {
    const before = this.standing;
    this.standing = standing;
    if (this.state !== 'idle' && this.state !== 'busy') return null;
    if (standing.epoch !== this.epoch || standing.owner !== this.options.id) {
      this.#lose();
      return null;
    }
    if (standing.tail <= this.off) this.progressAt = performance.now();
    // Input waits, nothing is in flight, and nothing has moved since the last audit: a delivery was stolen or lost.
    const still = before?.tail === standing.tail && before.off === standing.off && standing.off === this.off;
    if (!this.readable || !still) return null;
    if (standing.tail <= this.off) return this.#exclusively(() => this.#checkRest(standing));
    return this.#exclusively(() => this.#resync(`nothing delivered while the tail is at ${standing.tail}`));
  }

  /**
   * At rest Redis holds all that was saved, unless a failover has taken a save back, which no input of ours would show; and nothing is
   * pending, unless a reply that nobody heard had delivered what is committed by now.
   */
  async #checkRest({ seq }: PartitionStanding): Promise<void> {
    const { stage, link } = this.options;
    if (seq !== this.#committer.seq) {
      const stored = await this.#untilAnswered(() => readPosition(link.commands, stage, this.tag)); // seq may be of before our last save
      if (!stored) return;
      if (stored.position.seq !== this.#committer.seq) return this.#rollBack('a save is gone');
    }
    const input = streamKey(stageLayouts[stage].input, this.tag);
    const pending = await this.#untilAnswered(() => countPending(link.commands, input, this.group));
    if (pending) await this.#resync('committed entries are still pending');
  }

  /** Finishes what is in flight, saves every cell and gives the partition away. */
  async release(): Promise<void> {
    const startedAt = performance.now();
    const { partition, epoch } = this;
    this.#draining = true;
    await this.#settled;
    if (this.state !== 'idle') return;
    await this.#exclusively(async () => {
      while (!this.#gone() && this.#committer.hasUnsaved) {
        const { reply } = await this.#commit('leaving');
        if (reply?.status !== 'OK' && reply?.status !== 'DUP') break;
      }
      if (!this.#gone()) await this.#giveAway();
    });
    this.#emit({ type: 'released', partition, epoch, tookMs: performance.now() - startedAt });
  }

  /** Gives up retrying: for a process that has to go while Redis is away. */
  abandon(): void {
    if (!this.#gone()) this.state = 'lost';
  }

  // ── folding ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #walkOver(entry: LogEntry): Promise<LogEntry | null> {
    const ours = await this.#walk?.fold(entry, this.#folder);
    if (!ours) {
      this.#lose();
      return null;
    }
    if (this.#walk?.isOver) this.#walk = null;
    return entry;
  }

  // ── committing and repairing ─────────────────────────────────────────────────────────────────────────────────────

  async #commit(occasion: Occasion): Promise<CommitOutcome> {
    // Effects on the outside world come first: their input counts as done only when they have happened.
    await this.#untilAnswered(async () => this.#processor.effects?.());
    const outcome = await this.#committer.commit(occasion);
    const { reply } = outcome;
    if (reply === null && this.#draining && !this.#gone()) await this.#giveAway(); // the next owner folds this batch again
    if (reply?.status === 'FENCED') this.#lose();
    if (reply?.status === 'STALE' || reply?.status === 'ROLLBACK')
      await this.#rollBack(`commit answered ${reply.status}`);
    return outcome;
  }

  async #giveAway(): Promise<void> {
    const { link, stage, id } = this.options;
    await this.#untilAnswered(() => release.run(link.commands, [stageKey(stage, this.tag)], [this.epoch, id]));
    if (!this.#gone()) this.state = 'released';
  }

  async #rollBack(reason: string): Promise<void> {
    this.#emit({ type: 'rolled-back', partition: this.partition, epoch: this.epoch });
    await this.#reload(reason);
  }

  /** Back to what Redis holds: after a failover it may be older than what we have seen. */
  async #reload(reason: string): Promise<void> {
    if (!(await this.#refreshPosition())) return;
    await this.#untilAnswered(() => this.load());
    await this.#resync(reason);
  }

  /** False when the partition is not ours any more. */
  async #refreshPosition(): Promise<boolean> {
    const { link, stage, id } = this.options;
    const stored = await this.#untilAnswered(() => readPosition(link.commands, stage, this.tag));
    if (!stored) return false;
    if (stored.position.epoch !== this.epoch || stored.owner !== id) {
      this.#lose();
      return false;
    }
    const { off, attempts, probe } = this.position;
    this.position = { ...stored.position, ...(stored.position.off === off && { attempts, probe }) };
    return true;
  }

  async #resync(reason: string, suspicion = ''): Promise<void> {
    const { stage, link, id } = this.options;
    const keys = [stageKey(stage, this.tag), streamKey(stageLayouts[stage].input, this.tag)];
    const reply = await this.#untilAnswered(() => resync.run(link.commands, keys, [this.epoch, id, this.group]));
    if (!reply) return;
    if (reply.status === 'FENCED') return this.#lose();
    this.#emit({ type: 'resynced', partition: this.partition, epoch: this.epoch, reason });
    if (reply.off !== this.off) return this.#reload(`the committed offset is ${reply.off}, ours ${this.off}`);
    const unread = await this.#untilAnswered(() => this.#store.range(this.off + 1, Number.MAX_SAFE_INTEGER, 1));
    const next = unread?.[0]?.offset ?? this.off + 1;
    if (next === this.off + 1) return;
    const loss = `unread input ${this.off + 1}…${next - 1} is no longer in the stream`;
    if (loss === suspicion) return this.#missing(loss);
    await delay(this.tuning.auditEveryMs);
    await this.#resync(loss, loss);
  }

  /** Input that is gone is a loss, and a human must look. A stage that is switched off asked nobody to keep it: it begins anew. */
  async #missing(reason: string): Promise<void> {
    const { link, stage } = this.options;
    if (await this.#untilAnswered(() => isIdle(link.commands, stage, this.tag))) await this.#giveAway();
    else this.#halt(reason);
  }

  // ── small parts ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Runs `work` alone on this partition. */
  #exclusively(work: () => Promise<void>): Promise<void> {
    if (this.state === 'idle') this.state = 'busy';
    this.#settled = this.#settled
      .then(work)
      .catch((error: unknown) => this.#halt(String(error)))
      .then(() => {
        if (this.state === 'busy') this.state = 'idle';
      });
    return this.#settled;
  }

  /** Repeats an idempotent call until it is answered; null when the partition was lost meanwhile. */
  #untilAnswered<T>(call: () => Promise<T>): Promise<T | null> {
    const { partition } = this;
    return untilAnswered(call, () => this.#gone(), this.options.log, { partition });
  }

  #gone(): boolean {
    return this.state === 'lost' || this.state === 'halted' || this.state === 'released';
  }

  #lose(): void {
    if (this.#gone()) return;
    this.state = 'lost';
    this.#emit({ type: 'fenced', partition: this.partition, epoch: this.epoch });
  }

  #halt(reason: string): void {
    const { partition, epoch } = this;
    this.state = 'halted';
    this.options.log.error(`partition ${partition} of ${this.options.stage} is halted: ${reason}`, {
      partition,
      epoch,
    });
    this.#emit({ type: 'halted', partition, epoch, reason });
  }

  #emit(event: StageEvent): void {
    this.options.onEvent?.(event);
  }
}
