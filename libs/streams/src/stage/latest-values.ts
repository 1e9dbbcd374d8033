import { parseSeriesKey, type SeriesKey } from '@wagehood/market';
import { JsonWriter, type JsonPiece } from '../json/json-writer';
import { rooms } from '../json/rooms';
import type { NamedRow } from '../wire/event-text';
import { seriesFields } from '../wire/named-event';
import type { ValueBlock } from '../wire/value-block';

/** The newest event of one series. */
interface Latest {
  readonly series: string;
  /** The one whose steps yield it. */
  cell: string;
  /** Where it stands in the entry that is open; `isOpen` until that is closed. */
  isOpen: boolean;
  from: number;
  to: number;
  row: number;
  /** Where its copy is, and how many bytes it may have there: its numbers, then its text. */
  at: number;
  room: number;
  /** Of the text. */
  length: number;
  /** What makes an object of the numbers and the text, which has the other cells of a row then; null: it is one, and there are no numbers. */
  named: NamedRow | null;
  /** What such an object begins with, once there was one. */
  fields: JsonPiece | null;
}

const FIRST_ROOM = 64 * 1_024;
const LEAST_ROOM = 128;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
const NO_TEXT = Buffer.alloc(0);

function fieldsOf(series: string): JsonPiece {
  const { symbol, timeframe } = parseSeriesKey(series as SeriesKey);
  return seriesFields(symbol, timeframe);
}

/**
 * The newest event of each series until it is written as its latest value. When an entry of the output is closed, those that are the newest
 * in it are copied, each to a place of its own: the texts of entries are done with when they are committed, however long latest values wait.
 */
export class LatestValues {
  readonly #bySeries = new Map<string, Latest>();
  readonly #ofCell = new Map<string, Latest[]>();
  /** Those that have not been written yet. */
  readonly #waiting = new Set<Latest>();
  readonly #opened: Latest[] = [];
  /** The one that was noted last. */
  #last: Latest | null = null;
  #copies = Buffer.alloc(0);
  #copiedNumbers = new Float64Array(0);
  #end = 0;
  readonly #writer = new JsonWriter();
  /** Those that are being committed. */
  #texts: Buffer = NO_TEXT;

  /** Series whose latest value has not been written yet. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Notes an event of the entry that is open: bytes from…to − 1 of its text, and the place of its numbers in their block. */
  note(cell: string, series: string, from: number, to: number, row: number): void {
    const last = this.#last;
    const latest = last !== null && last.series === series && last.cell === cell ? last : this.#of(cell, series);
    if (!latest.isOpen) this.#opened.push(latest);
    latest.isOpen = true;
    latest.from = from;
    latest.to = to;
    latest.row = row;
  }

  /** That entry is closed: its text, what makes objects of its rows, and their numbers; without these the events are objects. */
  close(text: Buffer, named: NamedRow | null, block: ValueBlock | null): void {
    for (const latest of this.#opened) {
      const { isOpen, from, to, row } = latest;
      if (!isOpen) continue; // another value came behind it
      const numbers = named && block ? named.numbers : 0;
      this.#place(latest, NUMBER_BYTES * numbers + to - from);
      block?.copy(row, numbers, this.#copiedNumbers, latest.at / NUMBER_BYTES);
      text.copy(this.#copies, latest.at + NUMBER_BYTES * numbers, from, to);
      latest.named = block && named;
      latest.length = to - from;
      latest.isOpen = false;
      this.#waiting.add(latest);
    }
    this.#opened.length = 0;
  }

  /** The latest value of a series is this JSON text. */
  set(cell: string, series: string, json: string): void {
    const text = Buffer.from(json);
    const latest = this.#of(cell, series);
    this.#place(latest, text.length);
    text.copy(this.#copies, latest.at);
    latest.named = null;
    latest.length = text.length;
    latest.isOpen = false;
    this.#waiting.add(latest);
  }

  /** It is not to be written any more. */
  drop(series: string): void {
    const latest = this.#bySeries.get(series);
    if (!latest) return;
    latest.isOpen = false;
    this.#waiting.delete(latest);
  }

  /** Those of these cells, null: of all, as JSON texts; good until `clear`. */
  texts(cells: readonly string[] | null): (readonly [series: string, json: Buffer])[] {
    const open = this.#opened.find(({ isOpen }) => isOpen);
    if (open) throw new Error(`the latest value of ${open.series} stands in an entry that is still open`);
    const writer = this.#writer;
    const ends: (readonly [series: string, end: number])[] = [];
    this.#each(cells, (latest) => {
      const { series, at, length, named } = latest;
      const from = at + NUMBER_BYTES * (named?.numbers ?? 0);
      if (named) {
        latest.fields ??= fieldsOf(series);
        named.write(writer, latest.fields, this.#copies, from, from + length, this.#copiedNumbers, at / NUMBER_BYTES);
      } else writer.copy(this.#copies, from, from + length);
      ends.push([series, writer.length]);
    });
    if (ends.length === 0) return [];
    const texts = (this.#texts = writer.take());
    let from = 0;
    return ends.map(([series, end]) => [series, texts.subarray(from, (from = end))] as const);
  }

  /** Those of these cells, null: of all, have been written. */
  clear(cells: readonly string[] | null): void {
    if (cells) this.#each(cells, (latest) => this.#waiting.delete(latest));
    else this.#waiting.clear();
    rooms.give(this.#texts);
    this.#texts = NO_TEXT;
  }

  #each(cells: readonly string[] | null, call: (latest: Latest) => unknown): void {
    if (!cells) for (const latest of this.#waiting) call(latest);
    else
      for (const cell of cells)
        for (const latest of this.#ofCell.get(cell) ?? []) if (this.#waiting.has(latest)) call(latest);
  }

  #of(cell: string, series: string): Latest {
    let latest = this.#bySeries.get(series);
    if (!latest) {
      latest = {
        ...{ series, cell: '', isOpen: false, from: 0, to: 0, row: 0 },
        ...{ at: 0, room: 0, length: 0, named: null, fields: null },
      };
      this.#bySeries.set(series, latest);
    }
    if (latest.cell !== cell) this.#move(latest, cell);
    this.#last = latest;
    return latest;
  }

  #move(latest: Latest, cell: string): void {
    const others = this.#ofCell.get(latest.cell)?.filter((other) => other !== latest) ?? [];
    if (others.length > 0) this.#ofCell.set(latest.cell, others);
    else this.#ofCell.delete(latest.cell);
    latest.cell = cell;
    this.#ofCell.set(cell, [...(this.#ofCell.get(cell) ?? []), latest]);
  }

  /** Sees to it that its place has room for so many bytes. */
  #place(latest: Latest, bytes: number): void {
    if (bytes <= latest.room) return;
    latest.room = Math.max(LEAST_ROOM, 2 ** Math.ceil(Math.log2(bytes)));
    latest.at = this.#end;
    this.#end += latest.room;
    if (this.#end <= this.#copies.length) return;
    const larger = Buffer.alloc(Math.max(FIRST_ROOM, 2 * this.#end));
    this.#copies.copy(larger);
    this.#copies = larger;
    this.#copiedNumbers = new Float64Array(larger.buffer);
  }
}
