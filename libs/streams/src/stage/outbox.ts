import type { HistoryWriter } from './history-writer';
import type { DeadLetter, Outbox } from './processor';

/** One entry to append to the output stream. */
export interface OutEntry {
  readonly kind: string;
  readonly data: string;
  readonly bars: number;
}

/** Events of one output entry at most: an entry stays small enough to be read in a blink. */
const MAX_EVENTS_PER_ENTRY = 500;

/** Gathers what the steps of one batch give out until it is committed; latest values stay until they are flushed. */
export class OutboxBuffer implements Outbox {
  replaying = false;
  readonly outs: OutEntry[] = [];
  readonly lists = new Map<string, { readonly keep: number; readonly jsons: string[] }>();
  readonly letters: string[] = [];
  readonly hidden = new Set<string>();
  readonly latestValues = new Map<string, string>();
  #events: string[] = [];

  constructor(
    private readonly eventKind: string,
    private readonly history: HistoryWriter,
    private readonly onTouch: (cell: string) => void,
  ) {}

  event(json: string): void {
    if (this.replaying) return;
    if (this.#events.push(json) >= MAX_EVENTS_PER_ENTRY) this.closeEntry();
  }

  control(json: string): void {
    if (this.replaying) return;
    this.closeEntry();
    this.outs.push({ kind: 'control', data: json, bars: 0 });
  }

  /** Ends the current output entry. */
  closeEntry(): void {
    if (this.#events.length === 0) return;
    this.outs.push({ kind: this.eventKind, data: `[${this.#events.join(',')}]`, bars: this.#events.length });
    this.#events = [];
  }

  latest(_cell: string, series: string, json: string): void {
    this.latestValues.set(series, json);
    if (this.hidden.size > 0) this.hidden.delete(series);
  }

  row(cell: string, series: string, columns: readonly string[], values: Float64Array): void {
    this.history.row(cell, series, columns, values);
  }

  list(key: string, json: string, keep: number): void {
    if (this.replaying) return;
    const list = this.lists.get(key);
    if (list) list.jsons.push(json);
    else this.lists.set(key, { keep, jsons: [json] });
  }

  deadLetter(letter: DeadLetter): void {
    if (!this.replaying) this.letters.push(JSON.stringify(letter));
  }

  hide(series: readonly string[]): void {
    for (const field of series) {
      this.hidden.add(field);
      this.latestValues.delete(field);
    }
  }

  touch(cell: string): void {
    this.onTouch(cell);
  }

  /** Empties what a commit has taken; latest values only if they went with it. */
  clear(latestToo: boolean): void {
    this.outs.length = 0;
    this.lists.clear();
    this.letters.length = 0;
    this.hidden.clear();
    if (latestToo) this.latestValues.clear();
  }
}
