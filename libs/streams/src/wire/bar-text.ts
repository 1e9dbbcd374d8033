import { barEventSlot, type BarEvent, type BarEventSlot } from '@wagehood/contracts';
import { isTimeframe, seriesKey, type SeriesKey, type Timeframe } from '@wagehood/market';
import { Interned } from '../json/interned';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, JsonWriter, type JsonPiece } from '../json/json-writer';
import type { BatchFormat } from './batch-reader';

/**
 * The text of bars, as every service of ours writes it: a table, the names of the fields in its first row, without spaces. By hand in
 * both directions, because this runs for every bar of the whole market. A text of another shape is as good, and `JSON.parse` reads it.
 */

/** The cells that every row begins with. */
export const BAR_CELLS = [
  ...['symbol', 'timeframe', 'timestamp', 'open', 'high', 'low', 'close', 'volume', 'price', 'source', 'isFinal'],
] as const;
/** The cells that rows end with; most end before them. */
export const MARK_CELLS = ['backfilled', 'revision'] as const;

/** The first row of a table with these names and records of packed numbers, and the bracket before it. */
export const tableOpening = (names: readonly (string | Readonly<Record<string, readonly string[]>>)[]): JsonPiece =>
  jsonPiece(`[${JSON.stringify(names)}`);

const BAR_TABLE = tableOpening([...BAR_CELLS, ...MARK_CELLS]);
const [EMPTY, TABLE_END, ROW_END] = [jsonPiece('[]'), jsonPiece(']'), jsonPiece(']')];
/** What stands before each row. */
export const ROW = jsonPiece(',[');
const [QUOTE_BYTE, COMMA_BYTE] = [34, 44];
const [COMMA, NEXT_NAME, SOURCE, TRUE, FALSE, NULL] = [
  jsonPiece(','),
  jsonPiece('","'),
  jsonPiece(',"'),
  jsonPiece(',true'),
  jsonPiece(',false'),
  jsonPiece(',null'),
];

/** The numbers of a bar between its text and its fields: one that goes through a call of a function is put into an object of its own. */
const NUMBERS = new Float64Array(7);
const ONE_NUMBER = new Float64Array(1);

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
  NUMBERS[6] = bar.price;
  to.piece(opening);
  for (let i = 0; i < NUMBERS.length; i++) {
    if (i > 0) to.piece(COMMA);
    to.numberOf(NUMBERS, i);
  }
  to.piece(sources.get(bar.source) ?? newSource(bar.source));
  to.piece(bar.isFinal ? TRUE : FALSE);
}

/** Writes the cells that a row ends with, as far as there are any. */
export function writeMarks(to: JsonWriter, { backfilled, revision }: BarEvent): void {
  if (backfilled || revision !== undefined) to.piece(backfilled ? TRUE : NULL);
  if (revision === undefined) return;
  to.piece(COMMA);
  to.number(revision);
}

/** Writes one more bar into a table of bars, which `endBars` ends. */
export function addBar(to: JsonWriter, bar: BarEvent, opening?: JsonPiece): void {
  if (to.length === 0) to.piece(BAR_TABLE);
  to.piece(ROW);
  writeBar(to, bar, opening);
  writeMarks(to, bar);
  to.piece(ROW_END);
}

export function endBars(to: JsonWriter): Buffer {
  to.piece(to.length === 0 ? EMPTY : TABLE_END);
  return to.take();
}

/** Bars as the data of one entry. */
export function encodeBars(bars: readonly BarEvent[]): Buffer {
  const writer = new JsonWriter();
  for (const bar of bars) addBar(writer, bar);
  return endBars(writer);
}

function newOpening(symbol: string, timeframe: string): JsonPiece {
  const piece = jsonPiece(`${JSON.stringify(symbol)},${JSON.stringify(timeframe)},`);
  let ofTimeframe = openings.get(timeframe);
  if (!ofTimeframe) openings.set(timeframe, (ofTimeframe = new Map()));
  ofTimeframe.set(symbol, piece);
  return piece;
}

function newSource(source: string): JsonPiece {
  const piece = jsonPiece(`,${JSON.stringify(source)}`);
  sources.set(source, piece);
  return piece;
}

/** A bar that was read, and where its text stands; `to` 0 when it is not written as we write it. */
export interface BarText {
  readonly cell: SeriesKey;
  readonly bar: BarEvent;
  /** Bytes from…to − 1: the cells that every row has. */
  readonly from: number;
  readonly to: number;
}

/** The same while it is being read. */
export type BarTextSlot = Mutable<Omit<BarText, 'bar'>> & { readonly bar: BarEventSlot };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface SeriesName {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly cell: SeriesKey;
}

const HASH_SEED = 0x811c9dc5 | 0;
/** Null: no such timeframe. */
const seriesNames = new Interned<SeriesName | null>((text) => {
  const [symbol = '', timeframe = ''] = text.split('","');
  return isTimeframe(timeframe) ? { symbol, timeframe, cell: seriesKey(symbol, timeframe) } : null;
});
const NOBODY: SeriesName = { symbol: '', timeframe: '1s', cell: seriesKey('', '1s') };
const sourceNames = new Interned<string>((text) => text);

/** A place for bars to be read into. */
export const barTextSlot = (): BarTextSlot => ({ cell: NOBODY.cell, bar: barEventSlot(), from: 0, to: 0 });

/** Reads the cells that every row has; clears `from.ok` when they are not as ours. */
export function readBar(from: JsonReader, into: BarTextSlot): void {
  const { bar } = into;
  into.from = from.at;
  const { symbol, timeframe, cell } = readSeriesName(from);
  into.cell = cell;
  bar.symbol = symbol;
  bar.timeframe = timeframe;
  for (let i = 0; i < NUMBERS.length; i++) readCell(from, NUMBERS, i);
  bar.timestamp = NUMBERS[0] as number;
  bar.open = NUMBERS[1] as number;
  bar.high = NUMBERS[2] as number;
  bar.low = NUMBERS[3] as number;
  bar.close = NUMBERS[4] as number;
  bar.volume = NUMBERS[5] as number;
  bar.price = NUMBERS[6] as number;
  bar.source = readSource(from);
  bar.isFinal = from.skip(TRUE);
  if (!bar.isFinal) from.expect(FALSE);
  into.to = from.at;
}

/** Reads the cells that a row ends with, as far as there are any. */
export function readMarks(from: JsonReader, { bar }: BarTextSlot): void {
  bar.backfilled = from.skip(TRUE) ? true : undefined;
  bar.revision = undefined;
  if (!(bar.backfilled || from.skip(NULL)) || !from.isByte(COMMA_BYTE)) return;
  readCell(from, ONE_NUMBER, 0);
  bar.revision = ONE_NUMBER[0] as number;
}

/** Reads a number and the comma before it into `into[place]`. */
export function readCell(from: JsonReader, into: Float64Array, place: number): void {
  from.expectByte(COMMA_BYTE);
  from.number(into, place);
}

/** The bars of an entry. */
export const barFormat = (): BatchFormat<BarText> => {
  const item = barTextSlot();
  return {
    name: 'bars',
    opening: BAR_TABLE,
    item,
    read(from) {
      readBar(from, item);
      readMarks(from, item);
    },
    make: (parsed) => {
      const bar = parsed as BarEvent;
      return { cell: seriesKey(bar?.symbol, bar?.timeframe), bar, from: 0, to: 0 };
    },
  };
};

function readSeriesName(from: JsonReader): SeriesName {
  from.expectByte(QUOTE_BYTE);
  const start = from.at;
  const again = readAgain(from, seriesNames);
  if (again) {
    if (again.value === null) from.ok = false;
    return again.value ?? NOBODY;
  }
  const hash = from.hashText(HASH_SEED);
  from.expect(NEXT_NAME);
  const whole = from.hashText(hash);
  if (!from.ok) return NOBODY;
  const name = seriesNames.of(whole, from.bytes, start, from.at);
  from.expectByte(QUOTE_BYTE);
  if (!name) from.ok = false;
  return name ?? NOBODY;
}

/** Goes behind the text that followed the last one before, and behind its quote; null: another one stands here. */
function readAgain<Value>(from: JsonReader, names: Interned<Value>): { readonly value: Value } | null {
  const again = names.again(from.bytes, from.at, QUOTE_BYTE);
  if (again) from.at += again.bytes.length + 1;
  return again;
}

function readSource(from: JsonReader): string {
  from.expect(SOURCE);
  const start = from.at;
  const again = readAgain(from, sourceNames);
  if (again) return again.value;
  const hash = from.hashText(HASH_SEED);
  if (!from.ok) return '';
  const source = sourceNames.of(hash, from.bytes, start, from.at);
  from.expectByte(QUOTE_BYTE);
  return source;
}
