import { setTimeout as delay } from 'node:timers/promises';
import { rooms } from '../json/rooms';
import { stageLayouts } from '../layout/keys';
import { commit, type CommitReply, type StagePosition } from '../protocol/scripts';
import { CommitPace, type Occasion } from './commit-pace';
import { commitCall, READERS_OFF, type CommitTarget } from './commit-call';
import type { ScriptArgument } from '../redis/script-command';
import type { HistoryFlush } from './history-writer';
import type { OutEntry } from './outbox';
import { lettersEntry } from './letters-entry';
import type { PartitionFolder } from './partition-folder';
import type { PartitionProcessor } from './processor';
import { Retention } from './retention';
import type { StageOptions, StageTuning } from './stage-options';
import { packStates } from './partition-store';

const NO_HISTORY: HistoryFlush = { chunks: [], index: [], dropped: [] };
const HELD_BACK_MS = 25;
/** How long a drain waits for a reader that holds the output back before it leaves the batch to the next owner. */
const DRAIN_PATIENCE_MS = 1_000;

/** What a committer works on and whom it asks. */
export interface CommitterParts<Item extends { readonly cell: string }> {
  readonly options: StageOptions<Item>;
  readonly tuning: StageTuning;
  readonly partition: number;
  readonly tag: string;
  readonly group: string;
  readonly folder: PartitionFolder<Item>;
  readonly processor: PartitionProcessor<Item>;
  /** Repeats a call until it is answered; null when the partition is no longer ours. */
  readonly untilAnswered: <T>(call: () => Promise<T>) => Promise<T | null>;
  readonly isDraining: () => boolean;
  readonly onProgress: () => void;
}

/** How a commit ended: its reply, or null when its outcome will never be ours to know, or the drain did not wait for it. */
export interface CommitOutcome {
  readonly reply: CommitReply | null;
  readonly states: number;
}

/**
 * Writes what the folder holds, one atomic commit at a time, and decides what goes into each: outputs always, latest
 * values on a short timer, states (with the history rows behind them) in rounds of a bounded size.
 */
export class Committer<Item extends { readonly cell: string }> {
  readonly epoch: number;
  /** Committed offset of the input. */
  off: number;
  /** Of the output, where no reader trims it. */
  readonly outRetention: Retention;
  #seq: number;
  /** Bars of the output so far, and the first entry of it to keep. */
  #outBars: number;
  #outFrom = 0;
  #saving = 0;
  readonly #pace: CommitPace;

  constructor(
    private readonly parts: CommitterParts<Item>,
    at: Pick<StagePosition, 'epoch' | 'off' | 'outBars' | 'seq'>,
  ) {
    this.epoch = at.epoch;
    this.off = at.off;
    this.#seq = at.seq;
    this.#outBars = at.outBars;
    this.outRetention = new Retention({ ...parts.tuning, retainBars: parts.tuning.outRetainBars });
    this.#pace = new CommitPace(parts.tuning, parts.partition, performance.now());
  }

  /** Whether there may be no reader that does. */
  get trimsOutput(): boolean {
    const { stage, readerEnabled } = this.parts.options;
    return stageLayouts[stage].reader === null || readerEnabled !== undefined;
  }

  /** How long what is not in the snapshot has waited for it, ms; 0 when nothing does. */
  unsavedForMs(nowMs: number): number {
    return Math.max(0, nowMs - (this.parts.folder.dirty.oldestSinceMs ?? nowMs));
  }

  /** Number of the last commit. */
  get seq(): number {
    return this.#seq;
  }

  get hasUnsaved(): boolean {
    const { dirty, outbox } = this.parts.folder;
    return dirty.size > 0 || outbox.latest.size > 0;
  }

  /** Whether there is something that should not wait for the next bar. */
  isDue(nowMs: number, occasion: Occasion): boolean {
    const { outbox } = this.parts.folder;
    return (
      this.#saving > 0 ||
      this.#pace.latestDue(occasion, nowMs, outbox.latest.size) ||
      this.#statesDue(occasion, nowMs) > 0
    );
  }

  /** Commits everything folded so far. */
  async commit(occasion: Occasion): Promise<CommitOutcome> {
    const nowMs = performance.now();
    const { folder, tuning } = this.parts;
    if (this.#saving === 0 || occasion === 'leaving') {
      this.#saving = this.#statesDue(occasion, nowMs);
      if (this.#saving > 0) this.#pace.noteSave(nowMs, folder.position.bars, this.#saving, folder.dirty.size);
    }
    const saving = this.#saving > 0 ? folder.dirty.oldest(Math.min(this.#saving, tuning.statesPerCommit)) : [];
    const waiting = folder.outbox.latest.size;
    const withLatest = this.#pace.latestDue(occasion, nowMs, waiting);
    const latestOf = withLatest ? null : saving;
    const { keys, args, states, outs, room } = this.#call(saving, latestOf);
    const reply = await this.#send(keys, args);
    if (reply?.status !== 'OK' && reply?.status !== 'DUP') return { reply, states: 0 };

    this.#pace.noteEntries(folder.position.offset - this.off);
    this.off = folder.position.offset;
    this.#seq++;
    this.#noteOutput(outs, reply.out);
    for (const cell of saving) folder.dirty.forget(cell);
    this.#saving = Math.max(0, this.#saving - saving.length);
    if (withLatest) this.#pace.noteLatest(nowMs, waiting);
    folder.outbox.clear(latestOf);
    rooms.give(room);
    folder.origin = '';
    this.parts.onProgress();
    return { reply, states };
  }

  /** @param tail the last entry of the output: others may have put theirs before these */
  #noteOutput(outs: readonly OutEntry[], tail: number): void {
    if (!this.trimsOutput) return;
    for (const [i, { data, bars }] of outs.entries()) {
      this.#outBars += bars;
      this.outRetention.note(tail - outs.length + 1 + i, this.#outBars, data.length);
    }
    this.#outFrom = Math.max(this.#outFrom, this.outRetention.trimBefore(tail));
  }

  /** @param latestOf the cells whose latest values go with it; null: all. Those of a cell that is saved must: no replay would yield them again. */
  #call(saving: readonly string[], latestOf: readonly string[] | null) {
    const { folder, processor, options } = this.parts;
    const { outbox, dirty, position } = folder;
    const snap = dirty.snapshotWithout(saving, position);
    const history: HistoryFlush = saving.length > 0 ? { chunks: [], index: [], dropped: [] } : NO_HISTORY;
    folder.history.flush(saving, position.offset, history);
    const saved = saving.flatMap((cell) => {
      const bytes = processor.save(cell, snap.offset);
      return bytes ? [[cell, bytes] as const] : [];
    });
    const { states, room } = packStates(position.offset, saved);
    const outs = stageLayouts[options.stage].reader
      ? [...outbox.outs, ...lettersEntry(options.stage, outbox.letters)]
      : [...outbox.outs];
    const { keys, args } = commitCall(this.#target(), {
      epoch: this.epoch,
      me: options.id,
      seq: this.#seq + 1,
      prev: this.off,
      last: position.offset,
      token: position.token,
      origin: folder.origin,
      offBars: position.bars,
      snap,
      trimBefore: saving.length > 0 ? (folder.retention?.trimBefore(snap.offset) ?? 0) : 0,
      outFrom: this.#outFrom,
      outs,
      latest: outbox.latest.texts(latestOf),
      states,
      hidden: [...outbox.hidden],
      letters: outbox.letters,
      history,
      lists: outbox.lists,
    });
    return { keys, args, states: states.length, outs, room };
  }

  /** Sends one commit until its outcome is known; while the next stage holds it back, it waits. */
  async #send(keys: readonly string[], args: ScriptArgument[]): Promise<CommitReply | null> {
    const { options, partition, untilAnswered, isDraining, onProgress } = this.parts;
    const { epoch } = this;
    const givingUpAt = performance.now() + DRAIN_PATIENCE_MS;
    for (;;) {
      const reply = await untilAnswered(() => commit.run(options.link.commands, keys, args));
      if (reply?.status !== 'BACKPRESSURE') return reply;
      onProgress(); // being held back is not being stuck
      options.onEvent?.({ type: 'back-pressured', partition, epoch, aheadBars: reply.aheadBars });
      if (isDraining() && performance.now() > givingUpAt) return null;
      await delay(HELD_BACK_MS);
      args[READERS_OFF] = this.#readersOff() ? 1 : 0;
    }
  }

  #target(): CommitTarget {
    const { options, tuning, tag, group, folder } = this.parts;
    const { reader } = stageLayouts[options.stage];
    const readers = reader ? [reader] : [];
    const readersOff = this.#readersOff();
    const { outKeepEntries } = tuning;
    const outLimitBars = Math.max(tuning.outLimitBars, tuning.outLimitBarsPerSeries * folder.history.seriesCount);
    return { stage: options.stage, tag, group, readers, readersOff, outLimitBars, outKeepEntries };
  }

  #readersOff(): boolean {
    return !(this.parts.options.readerEnabled?.() ?? true);
  }

  #statesDue(occasion: Occasion, nowMs: number): number {
    const { dirty, position } = this.parts.folder;
    return this.#pace.statesDue(occasion, nowMs, dirty.size, position.bars);
  }
}
