import { setTimeout as delay } from 'node:timers/promises';
import { stageKey, stageLayouts, streamKey } from '../layout/keys';
import { commit, probe, release, resync, type CommitReply, type StagePosition } from '../protocol/scripts';
import { isRetriable, redisFault } from '../redis/errors';
import { CAREFUL_ENTRIES, culpritsOf, DEATHS_BEFORE_CARE, formatProbe } from './careful';
import { commitCall, type CommitParts, type CommitTarget } from './commit-call';
import { HistoryWriter, type HistoryFlush } from './history-writer';
import { PartitionFolder } from './partition-folder';
import { createPartitionStore, packState, type PartitionStanding, type PartitionStore } from './partition-store';
import type { LogEntry, PartitionProcessor } from './processor';
import { Retention } from './retention';
import type { StageEvent, StageOptions, StageTuning } from './stage-options';

/**
 *   loading ──► idle ⇄ busy           busy: a batch, a save, a resync or the release is in flight
 *                 │      │
 *                 ▼      ▼
 *              released  lost | halted     lost: somebody else owns it now   halted: an alarm, a human must look
 */
export type RunnerState = 'loading' | 'idle' | 'busy' | 'released' | 'lost' | 'halted';

const NO_HISTORY: HistoryFlush = { chunks: [], index: [], dropped: [] };
const REPLAY_PAGE = 100;
const RETRY_MS = 25;
/** How long a drain waits for a reader that holds the output back before it leaves the batch to the next owner. */
const DRAIN_PATIENCE_MS = 1_000;

/** One owned partition: folds what is read, commits it, saves its cells now and then, gives it away. */
export class PartitionRunner<Item extends { readonly cell: string }> {
  state: RunnerState = 'loading';
  /** Last time the committed offset moved or there was nothing to do. */
  progressAt = performance.now();
  standing: PartitionStanding | null = null;

  readonly #options: StageOptions<Item>;
  readonly #tuning: StageTuning;
  readonly #store: PartitionStore;
  readonly #group: string;
  #folder!: PartitionFolder<Item>;
  #processor!: PartitionProcessor<Item>;
  #retention!: Retention;
  #draining = false;
  #off: number;
  #seq: number;
  #token = '';
  #toSave = 0;
  #savedAtMs = performance.now();
  #entriesSinceSave = 0;
  #latestAtMs = 0;
  #careful: { entries: number; offset: number; culprits: readonly number[] } | null = null;
  #suspectOffset = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    options: StageOptions<Item>,
    tuning: StageTuning,
    readonly partition: number,
    readonly tag: string,
    group: string,
    private position: StagePosition,
  ) {
    this.#options = options;
    this.#tuning = tuning;
    this.#off = position.off;
    this.#seq = position.seq;
    this.#store = createPartitionStore(options.link.commands, options.stage, tag);
    this.#group = group;
  }

  get epoch(): number {
    return this.position.epoch;
  }
  get off(): number {
    return this.#off;
  }
  get readable(): boolean {
    return this.state === 'idle' && !this.#draining;
  }
  /** With a suspect ahead, entries are read one at a time. */
  get readEntries(): number {
    return this.#careful ? 1 : this.#tuning.readEntries;
  }

  /** Loads the snapshot and folds snap+1…off again. */
  async load(): Promise<void> {
    const startedAt = performance.now();
    const { off, snap, snapBars } = this.position;
    const history = new HistoryWriter(this.tag, () => this.#historyRows(history));
    this.#processor = this.#options.createProcessor(this.partition, this.tag);
    this.#retention = new Retention(this.#tuning);
    this.#folder = new PartitionFolder(
      this.#processor,
      history,
      this.#options.outKind,
      { offset: snap, bars: snapBars },
      (letter) => this.#emit({ type: 'dead-letter', partition: this.partition, ...letter }),
    );
    const [cells, positions] = await Promise.all([this.#store.cells(), this.#store.historyPositions()]);
    for (const [series, at] of positions) history.load(series, at);
    const ordered = [...cells].sort(([a], [b]) => Number(b.startsWith('#')) - Number(a.startsWith('#')));
    for (const [cell, { offset, bytes }] of ordered) this.#folder.loadCell(cell, offset, bytes);
    const replayed = await this.#replay(snap, off);
    this.#folder.endReplay();
    this.#off = off;
    this.#seq = this.position.seq;
    this.#beginCareIfSuspect();
    if (this.state === 'loading') this.state = 'idle';
    this.progressAt = performance.now();
    this.#emit({
      type: 'acquired',
      partition: this.partition,
      epoch: this.epoch,
      replayed,
      tookMs: performance.now() - startedAt,
    });
  }

  /** Takes what a read has delivered. Resolves when it is committed (or will never be by us). */
  handle(entries: readonly LogEntry[]): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#draining) return;
      const first = entries[0];
      if (!first || first.offset !== this.#off + 1) return this.#resync(`read ${first?.offset} after ${this.#off}`);
      const startedAt = performance.now();
      const { offset: prev, bars: barsBefore } = this.#folder.position;
      if (this.#careful) await this.#foldCarefully(first);
      else for (const entry of entries) this.#foldContiguous(entry);
      if (this.#gone()) return;
      await this.#processor.effects?.();
      const last = this.#careful
        ? first
        : (entries.find(({ offset }) => offset === this.#folder.position.offset) ?? first);
      this.#token = last.token;
      const outs = this.#folder.outbox.outs;
      this.#folder.outbox.closeEntry();
      const events = outs.reduce((sum, { bars }) => sum + bars, 0);
      const { reply, states } = await this.#commitAll(prev);
      if (reply?.status !== 'OK') return;
      this.#entriesSinceSave += last.offset - prev;
      this.#emit({
        type: 'committed',
        partition: this.partition,
        entries: last.offset - prev,
        bars: last.bars - barsBefore,
        events,
        states,
        tookMs: performance.now() - startedAt,
        latencyMs: (reply.atMicros - Number(first.token)) / 1_000,
      });
      if (this.#careful && --this.#careful.entries <= 0) this.#careful = null;
    });
  }

  /** Housekeeping of a quiet partition: latest values that wait, cells that are due. */
  tick(nowMs: number): Promise<void> | null {
    if (!this.readable) return null;
    const latestDue =
      this.#folder.outbox.latestValues.size > 0 && nowMs - this.#latestAtMs >= this.#tuning.latestEveryMs;
    if (!latestDue && this.#toSave === 0 && !this.#saveDue(nowMs)) return null;
    return this.#exclusively(async () => void (await this.#commitAll(this.#off)));
  }

  /** Compares with what Redis says; called each audit with a fresh standing. */
  audit(standing: PartitionStanding): Promise<void> | null {
    const before = this.standing;
    this.standing = standing;
    if (this.state !== 'idle' && this.state !== 'busy') return null;
    if (standing.epoch !== this.epoch || standing.owner !== this.#options.id) {
      this.#lose(standing.exists ? 'fenced' : 'vanished');
      return null;
    }
    const behind = standing.tail > this.#off;
    if (!behind) this.progressAt = performance.now();
    if (
      !this.readable ||
      !behind ||
      before?.tail !== standing.tail ||
      before.off !== standing.off ||
      standing.off !== this.#off
    )
      return null;
    return this.#exclusively(() => this.#resync(`nothing delivered while the tail is at ${standing.tail}`));
  }

  /** Finishes what is in flight, saves every cell and gives the partition away. */
  async release(): Promise<void> {
    const startedAt = performance.now();
    this.#draining = true;
    await this.#settled;
    if (this.state !== 'idle') return;
    await this.#exclusively(async () => {
      this.#toSave = this.#folder.dirty.size;
      while (!this.#gone() && (this.#folder.dirty.size > 0 || this.#folder.outbox.latestValues.size > 0)) {
        const { reply } = await this.#commitAll(this.#off, true);
        if (reply?.status !== 'OK' && reply?.status !== 'DUP') break;
      }
      if (this.#gone()) return;
      await this.#untilAnswered(() =>
        release.run(
          this.#options.link.commands,
          [stageKey(this.#options.stage, this.tag)],
          [this.epoch, this.#options.id],
        ),
      );
      this.state = 'released';
    });
    this.#emit({ type: 'released', partition: this.partition, tookMs: performance.now() - startedAt });
  }

  // ── folding ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #foldContiguous(entry: LogEntry): void {
    if (entry.offset !== this.#folder.position.offset + 1) return; // the rest of a torn read: the next read resyncs
    this.#folder.fold(entry);
    this.#retention.note(entry.offset, entry.bars, entry.data.length);
  }

  async #foldCarefully(entry: LogEntry): Promise<void> {
    const care = this.#careful;
    const known = care?.offset === entry.offset ? care.culprits : [];
    const items = this.#folder.decode(entry);
    for (const [index, item] of items.entries()) {
      if (known.includes(index)) {
        this.#folder.refuse(item, entry, new Error('this item ended its process every time it was touched'));
        continue;
      }
      const mine = await this.#untilAnswered(() =>
        probe.run(
          this.#options.link.commands,
          [stageKey(this.#options.stage, this.tag)],
          [this.epoch, this.#options.id, formatProbe({ offset: entry.offset, culprits: known, current: index })],
        ),
      );
      if (!mine) return this.#lose('fenced');
      this.#folder.step(item, entry);
    }
    this.#folder.advance(entry);
    this.#retention.note(entry.offset, entry.bars, entry.data.length);
  }

  #beginCareIfSuspect(): void {
    const left = culpritsOf(this.position.probe);
    if (!left && this.position.attempts < DEATHS_BEFORE_CARE) return;
    this.#suspectOffset = left?.offset ?? this.#off + 1;
    this.#careful = { entries: CAREFUL_ENTRIES, offset: this.#suspectOffset, culprits: left?.culprits ?? [] };
    this.#options.log.warn('owners of this partition died at one offset; walking item by item', {
      partition: this.partition,
      offset: this.#off + 1,
      attempts: this.position.attempts,
    });
  }

  async #replay(from: number, to: number): Promise<number> {
    let at = from;
    while (at < to) {
      const page = await this.#store.range(at + 1, to, REPLAY_PAGE);
      for (const entry of page) {
        if (entry.offset !== at + 1) break;
        this.#folder.replay(entry);
        this.#retention.note(entry.offset, entry.bars, entry.data.length);
        this.#token = entry.token;
        at = entry.offset;
      }
      if (page.length === 0 || at < (page.at(-1)?.offset ?? 0)) {
        this.#halt(`committed input ${at + 1}…${to} is no longer in the stream; its effects cannot be folded again`);
        break;
      }
    }
    return at - from;
  }

  // ── committing ───────────────────────────────────────────────────────────────────────────────────────────────────

  async #commitAll(prev: number, everything = false): Promise<{ reply: CommitReply | null; states: number }> {
    const nowMs = performance.now();
    const { outbox, dirty, position, history } = this.#folder;
    if (this.#toSave === 0 && this.#saveDue(nowMs)) this.#beginSave(nowMs);
    const saving = everything || this.#toSave > 0 ? dirty.oldest(this.#tuning.statesPerCommit) : [];
    const snap = dirty.snapshotWithout(saving, position);
    const flush: HistoryFlush = saving.length > 0 ? { chunks: [], index: [], dropped: [] } : NO_HISTORY;
    history.flush(saving, position.offset, flush);
    const withLatest = saving.length > 0 || nowMs - this.#latestAtMs >= this.#tuning.latestEveryMs;
    const states = saving.flatMap((cell) => {
      const bytes = this.#processor.save(cell, snap.offset);
      return bytes ? [[cell, packState(position.offset, bytes)] as const] : [];
    });
    const reply = await this.#send({
      epoch: this.epoch,
      me: this.#options.id,
      seq: this.#seq + 1,
      prev,
      last: position.offset,
      token: this.#token,
      offBars: position.bars,
      snap,
      trimBefore: saving.length > 0 ? this.#retention.trimBefore(snap.offset) : 0,
      outs: [...outbox.outs],
      latest: withLatest ? [...outbox.latestValues] : [],
      states,
      hidden: [...outbox.hidden],
      letters: [...outbox.letters],
      history: flush,
      lists: [...outbox.lists],
    });
    if (reply?.status !== 'OK' && reply?.status !== 'DUP') return { reply, states: 0 };
    this.#seq++;
    this.#off = position.offset;
    this.progressAt = performance.now();
    for (const cell of saving) dirty.forget(cell);
    this.#toSave = Math.max(0, this.#toSave - saving.length);
    if (withLatest) this.#latestAtMs = nowMs;
    outbox.clear(withLatest);
    return { reply, states: states.length };
  }

  /** Sends one commit until its outcome is known, and draws the consequences. Null: it will never be ours to know. */
  async #send(parts: CommitParts): Promise<CommitReply | null> {
    const { keys, args } = commitCall(this.#target(), parts);
    const givingUpAt = performance.now() + DRAIN_PATIENCE_MS;
    for (;;) {
      const reply = await this.#untilAnswered(() => commit.run(this.#options.link.commands, keys, args));
      if (!reply) return null;
      if (reply.status !== 'BACKPRESSURE') {
        if (reply.status !== 'OK' && reply.status !== 'DUP') await this.#recover(reply);
        return reply;
      }
      this.progressAt = performance.now(); // being held back is not being stuck
      this.#emit({ type: 'back-pressured', partition: this.partition, aheadBars: reply.aheadBars });
      if (this.#draining && performance.now() > givingUpAt) {
        this.#lose('drained'); // nothing was written: the next owner folds this batch again
        return null;
      }
      await delay(RETRY_MS);
    }
  }

  async #recover(reply: CommitReply): Promise<void> {
    if (reply.status === 'FENCED') return this.#lose('fenced');
    this.#emit({ type: 'rolled-back', partition: this.partition });
    await this.#reload(`commit answered ${reply.status}`);
  }

  /** Back to what Redis holds: after a failover it may be older than what we have seen. */
  async #reload(reason: string): Promise<void> {
    const fields = await this.#untilAnswered(() =>
      this.#options.link.commands.hgetall(stageKey(this.#options.stage, this.tag)),
    );
    if (!fields) return;
    if (Number(fields['epoch'] ?? 0) !== this.epoch || fields['owner'] !== this.#options.id)
      return this.#lose('fenced');
    const int = (name: string): number => Number(fields[name] ?? 0);
    this.position = {
      epoch: this.epoch,
      off: int('off'),
      snap: int('snap'),
      out: int('out'),
      attempts: 0,
      offBars: int('offBars'),
      snapBars: int('snapBars'),
      outBars: int('outBars'),
      seq: int('seq'),
      probe: '',
    };
    await this.load();
    await this.#resync(reason);
  }

  async #resync(reason: string): Promise<void> {
    const { stage, link, id } = this.#options;
    const keys = [stageKey(stage, this.tag), streamKey(stageLayouts[stage].input, this.tag)];
    const reply = await this.#untilAnswered(() => resync.run(link.commands, keys, [this.epoch, id, this.#group]));
    if (!reply) return;
    if (reply.status === 'FENCED') return this.#lose('fenced');
    this.#emit({ type: 'resynced', partition: this.partition, reason });
    if (reply.off !== this.#off) return this.#reload(`the committed offset is ${reply.off}, ours ${this.#off}`);
    const [next] =
      (await this.#untilAnswered(() => this.#store.range(this.#off + 1, Number.MAX_SAFE_INTEGER, 1))) ?? [];
    if (next && next.offset !== this.#off + 1) {
      this.#halt(`unread input ${this.#off + 1}…${next.offset - 1} is no longer in the stream`);
    }
  }

  // ── small parts ──────────────────────────────────────────────────────────────────────────────────────────────────

  #target(): CommitTarget {
    const { stage, readerEnabled } = this.#options;
    const { reader } = stageLayouts[stage];
    const readers = reader && (readerEnabled?.() ?? true) ? [reader] : [];
    const { outLimitBars, outKeepEntries } = this.#tuning;
    return { stage, tag: this.tag, group: this.#group, readers, outLimitBars, outKeepEntries };
  }

  #saveDue(nowMs: number): boolean {
    if (this.#folder.dirty.size === 0) return false;
    return (
      nowMs - this.#savedAtMs >= this.#tuning.snapshotEveryMs ||
      this.#entriesSinceSave >= this.#tuning.snapshotEveryEntries
    );
  }

  #beginSave(nowMs: number): void {
    this.#toSave = this.#folder.dirty.size;
    this.#savedAtMs = nowMs;
    this.#entriesSinceSave = 0;
  }

  #historyRows(history: HistoryWriter): number {
    const fair = Math.floor(this.#tuning.historyRowsPerPartition / Math.max(1, history.seriesCount));
    return Math.max(1, Math.min(this.#tuning.historyRows, fair));
  }

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
  async #untilAnswered<T>(call: () => Promise<T>): Promise<T | null> {
    for (let wait = RETRY_MS; ; wait = Math.min(500, wait * 2)) {
      if (this.#gone()) return null;
      try {
        return await call();
      } catch (error) {
        if (!isRetriable(error) && redisFault(error) !== 'full') throw error;
        this.#options.log.debug('Redis did not answer; asking again', {
          partition: this.partition,
          error: String(error),
        });
        await delay(wait);
      }
    }
  }

  #gone(): boolean {
    return this.state === 'lost' || this.state === 'halted' || this.state === 'released';
  }

  #lose(reason: 'fenced' | 'vanished' | 'drained'): void {
    this.state = 'lost';
    if (reason !== 'drained') this.#emit({ type: 'fenced', partition: this.partition });
  }

  /** Gives up retrying: used when the process has to go while Redis is away. */
  abandon(): void {
    if (!this.#gone()) this.state = 'lost';
  }

  #halt(reason: string): void {
    this.state = 'halted';
    this.#options.log.error(`partition ${this.partition} of ${this.#options.stage} is halted: ${reason}`, {
      partition: this.partition,
      epoch: this.epoch,
    });
    this.#emit({ type: 'halted', partition: this.partition, reason });
  }

  #emit(event: StageEvent): void {
    this.#options.onEvent?.(event);
  }
}
