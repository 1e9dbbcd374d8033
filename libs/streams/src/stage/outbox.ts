import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter } from '../json/json-writer';
import { rooms } from '../json/rooms';
import type { NamedRow } from '../wire/event-text';
import { ValueBlock } from '../wire/value-block';
import type { HistoryWriter } from './history-writer';
import { LatestValues } from './latest-values';
import type { DeadLetter, Outbox, OutTable } from './processor';

/** One entry to append to the output stream. */
export interface OutEntry {
  readonly kind: string;
  readonly data: string | Buffer;
  readonly bars: number;
}

/** Events of one output entry at most: an entry stays small enough to be read in a blink. As many as there may be bars in one of the log. */
const MAX_EVENTS_PER_ENTRY = 2_000;
/** With so many, rows that came later than the first begin an entry of their own: each of them would have to say when it came. */
const MANY_EVENTS = 250;
const [ARRAY, COMMA, ROW, END] = [jsonPiece('['), jsonPiece(','), jsonPiece(',['), jsonPiece(']')];

/** Gathers what the steps of one batch give out until it is committed; latest values stay until they are flushed. */
export class OutboxBuffer implements Outbox {
  replaying = false;
  readonly outs: OutEntry[] = [];
  readonly lists = new Map<string, { readonly keep: number; readonly jsons: (string | Buffer)[] }>();
  readonly letters: string[] = [];
  readonly hidden = new Set<string>();
  readonly latest = new LatestValues();
  readonly #writer = new JsonWriter();
  /** Events in the open entry, and where the last of them ends. */
  #events = 0;
  #end = 0;
  /** Where the event that is open begins. */
  #from = 0;
  /** The table that the open entry is, when its first row came, what makes objects of its rows, their numbers, and the series of the last one. */
  #table: OutTable | null = null;
  #receivedAt = 0;
  #named: NamedRow | null = null;
  #block: ValueBlock | null = null;
  #symbol = '';
  #timeframe = '';
  /** Texts and numbers of closed entries. */
  readonly #closed: { readonly data: Buffer; readonly block: ValueBlock | null }[] = [];

  constructor(
    private readonly eventKind: string,
    private readonly history: HistoryWriter,
    private readonly onTouch: (cell: string) => void,
  ) {}

  open(): JsonWriter {
    if (this.#table) this.closeEntry();
    const writer = this.#writer;
    writer.cut(this.#end); // an event that was opened and never closed was broken off
    writer.piece(this.#end === 0 ? ARRAY : COMMA);
    this.#from = writer.length;
    return writer;
  }

  close(cell?: string, latestOf = cell): void {
    this.#end = this.#writer.length;
    this.#count(cell, latestOf, this.#from, this.#end);
  }

  tableRow(
    table: OutTable,
    bar: BarEvent,
    receivedAt: number,
    numbers: Float64Array,
    cell?: string,
    latestOf = cell,
  ): void {
    if (table !== this.#table || (receivedAt !== this.#receivedAt && this.#events >= MANY_EVENTS)) this.closeEntry();
    const writer = this.#writer;
    writer.cut(this.#end);
    const isFirst = this.#end === 0;
    if (isFirst) this.#begin(table, bar, receivedAt);
    writer.piece(ROW);
    const from = table.write(writer, bar, receivedAt, !isFirst && this.#isLast(bar));
    const to = writer.length;
    writer.piece(END);
    this.#block?.add(numbers);
    this.#symbol = bar.symbol;
    this.#timeframe = bar.timeframe;
    this.#end = writer.length;
    this.#count(cell, latestOf, from, to);
  }

  #begin(table: OutTable, bar: BarEvent, receivedAt: number): void {
    this.#table = table;
    this.#receivedAt = receivedAt;
    this.#named = table.begin(this.#writer, bar, receivedAt);
    this.#block = new ValueBlock();
  }

  /** Whether the row before is of the same series. */
  #isLast({ symbol, timeframe }: BarEvent): boolean {
    return symbol === this.#symbol && timeframe === this.#timeframe;
  }

  /** Another event has been written; bytes from…to − 1 are what its latest value is made of. */
  #count(cell: string | undefined, latestOf: string | undefined, from: number, to: number): void {
    if (cell !== undefined && latestOf !== undefined) {
      this.latest.note(cell, latestOf, from, to, this.#events);
      if (this.hidden.size > 0) this.hidden.delete(latestOf);
    }
    if (++this.#events >= MAX_EVENTS_PER_ENTRY) this.closeEntry();
  }

  event(json: string): void {
    this.open().text(json);
    this.close();
  }

  control(json: string): void {
    this.#aside({ kind: 'control', data: json, bars: 0 });
  }

  forward(kind: 'gap' | 'system', json: string): void {
    this.#aside({ kind, data: json, bars: 0 });
  }

  warmup(json: string, events: number): void {
    this.#aside({ kind: 'warmup', data: json, bars: events });
  }

  correction(json: string, events: number, cell: string, series: string, latest: string): void {
    this.#aside({ kind: 'correction', data: json, bars: events });
    this.latest.set(cell, series, latest);
    if (this.hidden.size > 0) this.hidden.delete(series);
  }

  /** An entry of its own, which is no event. */
  #aside(out: OutEntry): void {
    if (this.replaying) return;
    this.closeEntry();
    this.outs.push(out);
  }

  /** Ends the current output entry. */
  closeEntry(): void {
    if (this.#events === 0) return;
    this.#writer.cut(this.#end);
    this.#block?.write(this.#writer);
    this.#writer.piece(END);
    const data = this.#writer.take();
    this.latest.close(data, this.#named, this.#block);
    this.#closed.push({ data, block: this.#block });
    this.#table = null;
    this.#named = null;
    this.#block = null;
    if (!this.replaying) this.outs.push({ kind: this.eventKind, data, bars: this.#events });
    this.#events = 0;
    this.#end = 0;
  }

  row(cell: string, series: string, columns: readonly string[], values: Float64Array): void {
    this.history.row(cell, series, columns, values);
  }

  list(key: string, json: string | Buffer, keep: number): void {
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
      this.latest.drop(field);
    }
  }

  touch(cell: string): void {
    this.onTouch(cell);
  }

  /** Empties what a commit has taken and Redis has answered; latest values of the cells with which they went, null: of all. */
  clear(latestOf: readonly string[] | null): void {
    this.outs.length = 0;
    this.lists.clear();
    this.letters.length = 0;
    this.hidden.clear();
    this.latest.clear(latestOf);
    for (const { data, block } of this.#closed) {
      rooms.give(data);
      block?.release();
    }
    this.#closed.length = 0;
  }
}
