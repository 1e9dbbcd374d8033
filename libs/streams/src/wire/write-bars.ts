import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';
import { BAR_TABLE, FALSE, NULL, ROW, shared, SHARED_FINAL, SHARED_FORMING, TRUE, type Shared } from './bar-cells';

const [EMPTY, TABLE_END, ROW_END, COMMA] = [jsonPiece('[]'), jsonPiece(']'), jsonPiece(']'), jsonPiece(',')];

/** The numbers of a bar on their way: one that goes through a call of a function is put into an object of its own. */
const NUMBERS = new Float64Array(6);

/** Texts that are the same for every bar of a series or a source are put into bytes once. */
const openings = new Map<string, Map<string, JsonPiece>>();
const sources = new Map<string, JsonPiece>();

/** What the row of a bar of this series begins with. */
export const barOpening = (symbol: string, timeframe: string): JsonPiece =>
  openings.get(timeframe)?.get(symbol) ?? newOpening(symbol, timeframe);

/** Writes the cells that every row has. */
export function writeBar(to: JsonWriter, bar: BarEvent, opening = barOpening(bar.symbol, bar.timeframe)): void {
  NUMBERS[0] = bar.timestamp;
  NUMBERS[1] = bar.open;
  NUMBERS[2] = bar.high;
  NUMBERS[3] = bar.low;
  NUMBERS[4] = bar.close;
  NUMBERS[5] = bar.volume;
  to.piece(opening);
  for (let i = 0; i < NUMBERS.length; i++) {
    if (i > 0) to.piece(COMMA);
    to.numberOf(NUMBERS, i);
  }
}

/** How many cells its row has behind those that every row has. */
export const seldomCells = ({ backfilled, revision, price, close, source, isFinal }: BarEvent, usual: Shared): number =>
  isFinal !== usual.isFinal ? 5
  : source !== usual.source ? 4
  : price !== close ? 3
  : revision !== undefined ? 2
  : backfilled ? 1
  : 0; // prettier-ignore

/** Writes so many cells at the end of a row. */
export function writeSeldom(to: JsonWriter, bar: BarEvent, usual: Shared, cells = seldomCells(bar, usual)): void {
  if (cells === 0) return;
  const { backfilled, revision, price, source, isFinal } = bar;
  to.piece(backfilled ? TRUE : NULL);
  if (cells > 1) writeNumberOrNull(to, revision);
  if (cells > 2) writeNumberOrNull(to, price === bar.close ? undefined : price);
  if (cells > 3) to.piece(source === usual.source ? NULL : sourceCell(source));
  if (cells > 4) to.piece(isFinal ? TRUE : FALSE);
}

function writeNumberOrNull(to: JsonWriter, number: number | undefined): void {
  if (number === undefined) return to.piece(NULL);
  to.piece(COMMA);
  to.number(number);
}

/** Writes in the first row of a table what this bar and, where nothing else is said, all others share. */
export function writeShared(to: JsonWriter, { source, isFinal }: BarEvent, into: Shared): void {
  into.source = source;
  into.isFinal = isFinal;
  to.piece(sources.get(source) ?? newSource(source));
  to.piece(isFinal ? SHARED_FINAL : SHARED_FORMING);
}

/** Writes a table of bars, one after the other. */
export class BarTable {
  /** Bytes before its first row of values. */
  opening = 0;
  readonly #shared = shared();
  readonly #writer: JsonWriter;

  /** @param room bytes that are there from the beginning */
  constructor(room?: number) {
    this.#writer = new JsonWriter(room);
  }

  add(bar: BarEvent, opening?: JsonPiece): void {
    const writer = this.#writer;
    if (writer.length === 0) {
      writer.piece(BAR_TABLE);
      writeShared(writer, bar, this.#shared);
      writer.piece(ROW_END);
      this.opening = writer.length;
    }
    writer.piece(ROW);
    writeBar(writer, bar, opening);
    writeSeldom(writer, bar, this.#shared);
    writer.piece(ROW_END);
  }

  /** Bytes so far: where the last row ends. */
  get length(): number {
    return this.#writer.length;
  }

  /** The text of them all, after which none is added. */
  end(): Buffer {
    this.#writer.piece(this.#writer.length === 0 ? EMPTY : TABLE_END);
    return this.#writer.end();
  }
}

/** Bars as the data of one entry. */
export function encodeBars(bars: readonly BarEvent[]): Buffer {
  const table = new BarTable();
  for (const bar of bars) table.add(bar);
  return table.end();
}

function newOpening(symbol: string, timeframe: string): JsonPiece {
  const piece = jsonPiece(`${JSON.stringify(symbol)},${JSON.stringify(timeframe)},`);
  let ofTimeframe = openings.get(timeframe);
  if (!ofTimeframe) openings.set(timeframe, (ofTimeframe = new Map()));
  ofTimeframe.set(symbol, piece);
  return piece;
}

const sourceCell = (source: string): JsonPiece => jsonPiece(`,${JSON.stringify(source)}`);

function newSource(source: string): JsonPiece {
  const piece = jsonPiece(`{"source":${JSON.stringify(source)}`);
  sources.set(source, piece);
  return piece;
}
