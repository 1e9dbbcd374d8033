import type { BarEvent } from '@wagehood/contracts';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';
import { BAR_NUMBERS, BAR_TABLE, FALSE, NULL, ROW, SAME_SERIES, shared, SHARED_FINAL, SHARED_FORMING, TRUE, type Shared } from './bar-cells'; // prettier-ignore
import { ValueBlock } from './value-block';

const [EMPTY, END, COMMA] = [jsonPiece('[]'), jsonPiece(']'), jsonPiece(',')];
const NOTHING = new Uint8Array(0);

/** Texts that are the same for every bar of a series or a source are put into bytes once. */
const names = new Map<string, Map<string, JsonPiece>>();
const sources = new Map<string, JsonPiece>();

/** What the row of a bar of this series begins with. */
export const nameCells = (symbol: string, timeframe: string): JsonPiece =>
  names.get(timeframe)?.get(symbol) ?? newName(symbol, timeframe);

/** How many cells its row has behind the name of the series. */
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

/** Writes in the first row of a table what all bars share where nothing else is said, and the names of their numbers. */
export function writeShared(to: JsonWriter, { source, isFinal }: Shared): void {
  to.piece(sources.get(source) ?? newSource(source));
  to.piece(isFinal ? SHARED_FINAL : SHARED_FORMING);
}

/** Writes tables of bars, one after the other. */
export class BarTable {
  readonly #writer = new JsonWriter();
  #numbers = new ValueBlock();

  begin(usual: Shared): void {
    this.#writer.piece(BAR_TABLE);
    writeShared(this.#writer, usual);
    this.#writer.piece(END);
  }

  /**
   * @param name null: the series of the row before
   * @param numbers where the bar's stand, in the row of this number
   * @param seldom text that has its other cells as bytes from…end − 1
   */
  row(
    name: JsonPiece | null,
    numbers: ValueBlock,
    place: number,
    seldom: Uint8Array = NOTHING,
    from = 0,
    end = 0,
  ): void {
    const writer = this.#writer;
    writer.piece(ROW);
    if (name) writer.piece(name);
    else if (end > from) writer.piece(SAME_SERIES);
    if (end > from) writer.copy(seldom, from, end);
    writer.piece(END);
    this.#numbers.addFrom(numbers, place, BAR_NUMBERS.length);
  }

  /** The text, which belongs to the caller. */
  end(): Buffer {
    const writer = this.#writer;
    this.#numbers.write(writer);
    this.#numbers.clear();
    writer.piece(writer.length === 0 ? EMPTY : END);
    return writer.take();
  }
}

/** Bars as the data of one entry, in this order. */
export function encodeBars(bars: readonly BarEvent[]): Buffer {
  const [table, numbers, seldom] = [new BarTable(), new ValueBlock(), new JsonWriter()];
  const usual: Shared = bars[0] ?? shared();
  if (bars.length > 0) table.begin(usual);
  bars.forEach((bar, i) => {
    const before = bars[i - 1];
    const repeats = before?.symbol === bar.symbol && before.timeframe === bar.timeframe;
    numbers.addBar(bar);
    writeSeldom(seldom, bar, usual);
    const cells = seldom.take();
    table.row(repeats ? null : nameCells(bar.symbol, bar.timeframe), numbers, i, cells, 0, cells.length);
  });
  return table.end();
}

function newName(symbol: string, timeframe: string): JsonPiece {
  const piece = jsonPiece(`${JSON.stringify(symbol)},${JSON.stringify(timeframe)}`);
  let ofTimeframe = names.get(timeframe);
  if (!ofTimeframe) names.set(timeframe, (ofTimeframe = new Map()));
  ofTimeframe.set(symbol, piece);
  return piece;
}

const sourceCell = (source: string): JsonPiece => jsonPiece(`,${JSON.stringify(source)}`);

function newSource(source: string): JsonPiece {
  const piece = jsonPiece(`{"source":${JSON.stringify(source)}`);
  sources.set(source, piece);
  return piece;
}
