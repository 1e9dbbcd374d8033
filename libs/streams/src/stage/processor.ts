/** What a stage's own code has to offer to the protocol, and what the protocol offers to it. */

/** One entry of a stream as it was read. */
export interface LogEntry {
  readonly offset: number;
  readonly kind: string;
  /** JSON text. */
  readonly data: string;
  /** Server time of the append in µs, as text: identity of the entry and the only clock that a stage may use. */
  readonly token: string;
  /** Bars (events) in the stream up to and with this entry. */
  readonly bars: number;
}

export interface DeadLetter {
  readonly offset: number;
  readonly symbol: string | null;
  readonly timeframe: string | null;
  readonly definition: string | null;
  readonly payload: string;
  readonly error: string;
  readonly attempts: number;
}

/** Receives what a step gives out. Everything in it becomes visible in one atomic commit, with the input's offset. */
export interface Outbox {
  /** True while committed input is folded again after a takeover: events, lists and letters are then dropped. */
  readonly replaying: boolean;
  /** One event of the output stream, as JSON text. */
  event(json: string): void;
  /** A control document, forwarded in its place among the events. */
  control(json: string): void;
  /** The latest value of a series; conflated on a short timer. `cell` is the key of the item that is being stepped. */
  latest(cell: string, series: string, json: string): void;
  /** One row of history of a series, under the names of its columns; the values are copied. */
  row(cell: string, series: string, columns: readonly string[], values: Float64Array): void;
  /** Appends to a bounded list beside the history. */
  list(key: string, json: string, keep: number): void;
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
  /** Splits an entry into items, in order. A throw dead-letters the whole entry. */
  decode(entry: LogEntry): readonly Item[];
  /** Folds one item. A throw dead-letters the item; the processor keeps its own state consistent. */
  step(item: Item, entry: LogEntry, outbox: Outbox): void;
  /** The bytes of a cell now, null if there is none. `snap`: no replay starts before snap + 1. */
  save(cell: string, snap: number): Uint8Array | null;
  /** For dead letters. */
  describe(item: Item): { readonly symbol: string | null; readonly timeframe: string | null; readonly payload: string };
  /** Effects on the outside world that must have happened before the input counts as done; must be idempotent. */
  effects?(): Promise<void>;
}
