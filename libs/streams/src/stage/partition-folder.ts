import type { Retention } from './retention';
import type { StageEvent } from './stage-options';
import { DirtyCells } from './cells';
import type { HistoryWriter } from './history-writer';
import { OutboxBuffer } from './outbox';
import type { LogEntry } from './log-entry';
import type { PartitionProcessor } from './processor';

/** Hears of each item that is put aside. */
export type LetterListener = (
  letter: Omit<Extract<StageEvent, { type: 'dead-letter' }>, 'type' | 'partition' | 'epoch'>,
) => void;

/**
 * The in-memory half of a partition: folds entries through the stage's processor, knows which cells are unsaved and
 * isolates what throws. It never speaks to Redis.
 */
export class PartitionFolder<Item extends { readonly cell: string }> {
  /** Origin of the first entry folded since the last commit, '' before it. */
  origin = '';
  readonly dirty = new DirtyCells();
  readonly outbox: OutboxBuffer;
  /** Offset at which each stored cell was saved: a replay skips what the cell has already seen. */
  readonly #savedAt = new Map<string, number>();
  /** Up to which entry (and how many bars) everything has been folded; the token is that entry's, '' before the first. */
  position: { readonly offset: number; readonly bars: number; readonly token: string };

  constructor(
    private readonly processor: PartitionProcessor<Item>,
    readonly history: HistoryWriter,
    outKind: string,
    snapshot: { offset: number; bars: number },
    private readonly onDeadLetter: LetterListener,
    readonly retention: Retention | null = null,
  ) {
    this.position = { ...snapshot, token: '' };
    this.outbox = new OutboxBuffer(outKind, history, (cell) =>
      this.dirty.touch(cell, this.position.offset + 1, this.position.bars),
    );
  }

  loadCell(cell: string, offset: number, bytes: Uint8Array): void {
    this.processor.load(cell, bytes, offset);
    this.#savedAt.set(cell, offset);
  }

  /** Folds committed input again; values and rows come out, events do not. */
  replay(entry: LogEntry): void {
    this.outbox.replaying = true;
    try {
      this.fold(entry);
    } finally {
      this.outbox.closeEntry();
      this.outbox.replaying = false;
    }
  }

  endReplay(): void {
    this.origin = '';
    this.#savedAt.clear();
  }

  /** Folds entries as far as they are contiguous and returns the last one folded, null if there is none. */
  foldAll(entries: readonly LogEntry[]): LogEntry | null {
    let last: LogEntry | null = null;
    for (const entry of entries) {
      if (entry.offset !== this.position.offset + 1) break;
      this.fold(entry);
      last = entry;
    }
    return last;
  }

  /** Folds one entry whole. */
  fold(entry: LogEntry): void {
    const items = this.items(entry);
    for (let item = items(); item !== null; item = items()) this.step(item, entry);
    this.advance(entry);
  }

  /** Gives the items of an entry one after the other, then null; where it does not parse it ends and becomes a dead letter. */
  items(entry: LogEntry): () => Item | null {
    let items: Iterator<Item> | null = null;
    return () => {
      try {
        items ??= this.processor.decode(entry)[Symbol.iterator]();
        const next = items.next();
        return next.done ? null : next.value;
      } catch (error) {
        this.#letter(entry, { symbol: null, timeframe: null, payload: entry.data }, error);
        return null;
      }
    };
  }

  step(item: Item, entry: LogEntry): void {
    if (this.#savedAt.size > 0 && !item.cell.startsWith('#') && entry.offset <= (this.#savedAt.get(item.cell) ?? 0))
      return;
    this.dirty.touch(item.cell, entry.offset, this.position.bars);
    try {
      this.processor.step(item, entry, this.outbox);
    } catch (error) {
      this.#letter(entry, this.processor.describe(item), error);
    }
  }

  /** Dead-letters an item without touching it. */
  refuse(item: Item, entry: LogEntry, error: Error): void {
    this.#letter(entry, this.processor.describe(item), error);
  }

  advance(entry: LogEntry): void {
    this.origin ||= entry.origin;
    this.position = { offset: entry.offset, bars: entry.bars, token: entry.token };
    this.retention?.note(entry.offset, entry.bars, entry.bytes.length);
  }

  #letter(
    entry: LogEntry,
    about: { symbol: string | null; timeframe: string | null; payload: string },
    thrown: unknown,
  ): void {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    this.outbox.deadLetter({ offset: entry.offset, ...about, definition: definitionOf(thrown), error, attempts: 1 });
    if (!this.outbox.replaying)
      this.onDeadLetter({ symbol: about.symbol, offset: entry.offset, origin: entry.origin, error });
  }
}

/** Errors may carry the name of the indicator, strategy or rule that threw. */
function definitionOf(thrown: unknown): string | null {
  const name = (thrown as { definition?: unknown } | null)?.definition;
  return typeof name === 'string' ? name : null;
}
