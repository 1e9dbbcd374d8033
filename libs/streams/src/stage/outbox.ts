import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter } from '../json/json-writer';
import { rooms } from '../json/rooms';
import type { NamedRow } from '../wire/event-text';
import { ValueBlock } from '../wire/value-block';
import type { HistoryWriter } from './history-writer';
import type { DeadLetter, Outbox, OutTable } from './processor';

/** One entry to append to the output stream. */
export interface OutEntry {
  readonly kind: string;
  readonly data: string | Buffer;
  readonly bars: number;
}

/** The text of a latest value: bytes from…to − 1. */
interface LatestText {
  /** The cell whose steps yield it. */
  readonly cell: string;
  /** Null while the entry that it stands in is still open. */
  data: Buffer | null;
  from: number;
  to: number;
  /** What makes an object of it, and where its values are; null: it is one. */
  named: NamedRow | null;
  block: ValueBlock | null;
  row: number;
}

const NO_TEXT = Buffer.alloc(0);
/** Events of one output entry at most: an entry stays small enough to be read in a blink. */
const MAX_EVENTS_PER_ENTRY = 1_000;
const [ARRAY, COMMA, ROW, END] = [jsonPiece('['), jsonPiece(','), jsonPiece(',['), jsonPiece(']')];

/** Gathers what the steps of one batch give out until it is committed; latest values stay until they are flushed. */
export class OutboxBuffer implements Outbox {
  replaying = false;
  readonly outs: OutEntry[] = [];
  readonly lists = new Map<string, { readonly keep: number; readonly jsons: (string | Buffer)[] }>();
  readonly letters: string[] = [];
  readonly hidden = new Set<string>();
  readonly #latest = new Map<string, LatestText>();
  readonly #writer = new JsonWriter();
  readonly #latestWriter = new JsonWriter();
  /** The latest values that are being committed. */
  #latestTexts: Buffer = NO_TEXT;
  /** Events in the open entry, and where the last of them ends. */
  #events = 0;
  #end = 0;
  /** The table that the open entry is, what makes objects of its rows, their values, and what has been written before the event that is open. */
  #table: OutTable | null = null;
  #named: NamedRow | null = null;
  #block: ValueBlock | null = null;
  #from = 0;
  /** The series whose latest value was noted last, and where. */
  #lastSeries = '';
  #lastText: LatestText | null = null;
  /** Latest values in the open entry. */
  readonly #opened: LatestText[] = [];
  /** Texts and values of closed entries, which latest values may stand in. */
  readonly #closed: { readonly data: Buffer; readonly block: ValueBlock | null }[] = [];

  constructor(
    private readonly eventKind: string,
    private readonly history: HistoryWriter,
    private readonly onTouch: (cell: string) => void,
  ) {}

  open(): JsonWriter;
  open(table: OutTable, bar: BarEvent, receivedAt: number): JsonWriter;
  open(table: OutTable | null = null, bar?: BarEvent, receivedAt = 0): JsonWriter {
    if (table !== this.#table) this.closeEntry();
    const writer = this.#writer;
    writer.cut(this.#end); // an event that was opened and never closed was broken off
    if (table && bar) {
      if (this.#end === 0) {
        this.#named = table.begin(writer, bar, receivedAt);
        this.#block ??= new ValueBlock();
      }
      writer.piece(ROW);
    } else writer.piece(this.#end === 0 ? ARRAY : COMMA);
    this.#table = table;
    this.#from = writer.length;
    return writer;
  }

  close(cell?: string, latestOf = cell, values?: Float64Array): void {
    const writer = this.#writer;
    const to = writer.length;
    if (this.#table) writer.piece(END);
    if (values) this.#block?.add(values);
    if (cell !== undefined && latestOf !== undefined) {
      const text = this.#textOf(cell, latestOf);
      if (text.data !== null) this.#opened.push(text);
      text.data = null;
      text.from = this.#from;
      text.to = to;
      text.named = this.#table && this.#named;
      text.block = this.#block;
      text.row = this.#events;
      if (this.hidden.size > 0) this.hidden.delete(latestOf);
    }
    this.#end = writer.length;
    if (++this.#events >= MAX_EVENTS_PER_ENTRY) this.closeEntry();
  }

  #textOf(cell: string, series: string): LatestText {
    if (this.#lastText !== null && series === this.#lastSeries) return this.#lastText;
    let text = this.#latest.get(series);
    if (!text)
      this.#latest.set(series, (text = { cell, data: NO_TEXT, from: 0, to: 0, named: null, block: null, row: 0 }));
    this.#lastSeries = series;
    this.#lastText = text;
    return text;
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
    const data = Buffer.from(latest);
    this.#lastText = null;
    this.#latest.set(series, { cell, data, from: 0, to: data.length, named: null, block: null, row: 0 });
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
    this.#closed.push({ data, block: this.#block });
    this.#block = null;
    for (const text of this.#opened) text.data = data;
    if (!this.replaying) this.outs.push({ kind: this.eventKind, data, bars: this.#events });
    this.#opened.length = 0;
    this.#events = 0;
    this.#end = 0;
  }

  /** Series with a latest value that has not been flushed yet. */
  get latestCount(): number {
    return this.#latest.size;
  }

  /** The latest values of these cells, null: of all, as JSON texts, of closed entries; good until `clear`. */
  latestValues(cells: ReadonlySet<string> | null): (readonly [series: string, json: Buffer])[] {
    if (cells?.size === 0) return [];
    const writer = this.#latestWriter;
    writer.cut(0);
    const ends: (readonly [series: string, end: number])[] = [];
    for (const [series, { cell, data, from, to, named, block, row }] of this.#latest) {
      if (cells?.has(cell) === false) continue;
      if (data === null) throw new Error(`the latest value of ${series} stands in an entry that is still open`);
      if (named && block) named(writer, data, from, to, block, row);
      else writer.copy(data, from, to);
      ends.push([series, writer.length]);
    }
    const texts = (this.#latestTexts = writer.take());
    let from = 0;
    return ends.map(([series, end]) => [series, texts.subarray(from, (from = end))] as const);
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
    this.#lastText = null;
    for (const field of series) {
      this.hidden.add(field);
      this.#latest.delete(field);
    }
  }

  touch(cell: string): void {
    this.onTouch(cell);
  }

  /** Empties what a commit has taken and Redis has answered; latest values of the cells with which they went, null: of all. */
  clear(latestOf: ReadonlySet<string> | null): void {
    this.outs.length = 0;
    this.lists.clear();
    this.letters.length = 0;
    this.hidden.clear();
    this.#lastText = null;
    if (latestOf === null) this.#latest.clear();
    else this.#forgetLatest(latestOf);
    rooms.give(this.#latestTexts);
    this.#latestTexts = NO_TEXT;
    if (this.#latest.size > 0) return; // they stand in those texts
    for (const { data, block } of this.#closed) {
      rooms.give(data);
      block?.release();
    }
    this.#closed.length = 0;
  }

  #forgetLatest(cells: ReadonlySet<string>): void {
    if (cells.size === 0) return;
    for (const [series, { cell }] of this.#latest) if (cells.has(cell)) this.#latest.delete(series);
  }
}
