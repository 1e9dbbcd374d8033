import type { BarEvent } from '@wagehood/contracts';
import type { JsonWriter } from '../json/json-writer';
import type { EventFormat } from '../wire/event-text';
import type { LogEntry } from './log-entry';

/** What a stage's own code has to offer to the protocol, and what the protocol offers to it. */

export interface DeadLetter {
  readonly offset: number;
  readonly symbol: string | null;
  readonly timeframe: string | null;
  readonly definition: string | null;
  readonly payload: string;
  readonly error: string;
  readonly attempts: number;
}

/** A table that events of the output stream are rows of, beside each other in one entry. */
export type OutTable = Pick<EventFormat, 'begin' | 'write'>;

/** Receives what a step gives out. Everything in it becomes visible in one atomic commit, with the input's offset. */
export interface Outbox {
  /** True while committed input is folded again after a takeover: events, lists and letters are then dropped. */
  readonly replaying: boolean;
  /** Opens the next event of the output stream: its JSON text is written there, then it is closed. */
  open(): JsonWriter;
  /**
   * Ends the opened event. `latestOf`: the series whose latest value it is; those are conflated on a short timer. `cell` is the key of the
   * item that is being stepped.
   */
  close(cell?: string, latestOf?: string): void;
  /** The next event, a row of such a table: this bar, whose numbers and values these are; they are copied. `cell` and `latestOf` as above. */
  tableRow(table: OutTable, bar: BarEvent, receivedAt: number, numbers: Float64Array, cell?: string, latestOf?: string): void; // prettier-ignore
  /** One event of the output stream, as JSON text. */
  event(json: string): void;
  /** A control document, forwarded in its place among the events. */
  control(json: string): void;
  /** What is only passed on to the stages behind, in its place among the events. */
  forward(kind: 'gap' | 'system', json: string): void;
  /** The past of a series, passed on in its place among the events; `events` of them are in it. */
  warmup(json: string, events: number): void;
  /**
   * What has changed in a series, in its place among the events; `events` of them are in it. `latest`: JSON text of the newest.
   * Rows of history that have changed are written again, each and all behind it.
   */
  correction(json: string, events: number, cell: string, series: string, latest: string): void;
  /** One row of history of a series, under the names of its columns; the values are copied. `cell` is the key of the item that is being stepped. */
  row(cell: string, series: string, columns: readonly string[], values: Float64Array): void;
  /** Appends to a bounded list beside the history. */
  list(key: string, json: string | Buffer, keep: number): void;
  deadLetter(letter: DeadLetter): void;
  /** Deletes the latest values of series that nobody watches any more. */
  hide(series: readonly string[]): void;
  /** Marks a cell other than the item's own as changed. */
  touch(cell: string): void;
}

/**
 * The state of one partition: a set of cells, each with a key and bytes. `step` must be deterministic in
 * (state, item, entry): no clock, no randomness, no configuration that is not in the log.
 * Cells whose key starts with '#' belong to the partition as a whole: they are loaded and saved before all others, and a
 * replay shows them every entry again, so that their steps must be idempotent.
 */
export interface PartitionProcessor<Item extends { readonly cell: string }> {
  /**
   * Takes a stored cell; called before any step. `offset` is the last entry that the cell knows of: a replay leaves it alone
   * up to there, and so must the steps of partition-wide items that are shown again.
   */
  load(cell: string, bytes: Uint8Array, offset: number): void;
  /**
   * The items of an entry, in order. An item is good until the next one is asked for: it may be the same object, filled anew. A throw, at
   * once or on the way, dead-letters the entry; the items before it count.
   */
  decode(entry: LogEntry): Iterable<Item>;
  /** Folds one item. A throw dead-letters the item; the processor keeps its own state consistent. */
  step(item: Item, entry: LogEntry, outbox: Outbox): void;
  /** The bytes of a cell now, null if there is none. `snap`: no replay starts before snap + 1. */
  save(cell: string, snap: number): Uint8Array | null;
  /** For dead letters. */
  describe(item: Item): { readonly symbol: string | null; readonly timeframe: string | null; readonly payload: string };
  /** Effects on the outside world that must have happened before the input counts as done; must be idempotent. */
  effects?(): Promise<void>;
}
