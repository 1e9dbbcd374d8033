import { barEventSlot, type BarEvent, type BarEventSlot } from '@wagehood/contracts';
import { seriesKey, TIMEFRAMES, type SeriesKey, type Timeframe } from '@wagehood/market';
import { Interned } from '../json/interned';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece } from '../json/json-writer';
import { BAR_NUMBERS, BAR_TABLE, FALSE, NULL, SAME_SERIES, shared, SHARED_FINAL, SHARED_FORMING, TRUE, type Shared } from './bar-cells'; // prettier-ignore
import type { BatchFormat } from './batch-reader';
import { ValueBlockReader } from './value-block';

const [QUOTE_BYTE, COMMA_BYTE, BRACKET_BYTE] = [34, 44, 93];
const [NEXT_NAME, SOURCE, SHARED_SOURCE] = [jsonPiece('","'), jsonPiece(',"'), jsonPiece('{"source":"')];

/** The numbers of a bar on their way: one that goes through a call of a function is put into an object of its own. */
const NUMBERS = new Float64Array(BAR_NUMBERS.length);

/** A bar that was read. */
export interface BarText {
  readonly cell: SeriesKey;
  readonly bar: BarEvent;
}

/** The same while it is being read. */
export interface BarTextSlot {
  cell: SeriesKey;
  readonly bar: BarEventSlot;
}

interface SeriesName {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly cell: SeriesKey;
}

const HASH_SEED = 0x811c9dc5 | 0;
/** Null: no such timeframe. What was cut out of a text would be looked up by its characters in every table of timeframes. */
const seriesNames = new Interned<SeriesName | null>((text) => {
  const [symbol = '', name = ''] = text.split('","');
  const timeframe = TIMEFRAMES.find((one) => one === name);
  return timeframe ? { symbol, timeframe, cell: seriesKey(symbol, timeframe) } : null;
});
const NOBODY: SeriesName = { symbol: '', timeframe: '1s', cell: seriesKey('', '1s') };
const sourceNames = new Interned<string>((text) => text);

/** A place for bars to be read into. */
export const barTextSlot = (): BarTextSlot => ({ cell: NOBODY.cell, bar: barEventSlot() });

/** Reads in the first row of a table what `writeShared` has written. */
export function readShared(from: JsonReader, into: Shared): void {
  from.expect(SHARED_SOURCE);
  into.source = readText(from);
  into.isFinal = from.skip(SHARED_FINAL);
  if (!into.isFinal) from.expect(SHARED_FORMING);
}

/**
 * Reads the name of the series, unless it is that of the row before, and takes the bar's numbers; clears `from.ok` when they are not as ours.
 * @param isFirst there is no row before
 */
export function readBar(from: JsonReader, block: ValueBlockReader, into: BarTextSlot, isFirst: boolean): void {
  const { bar } = into;
  if (from.isByte(QUOTE_BYTE)) {
    const { symbol, timeframe, cell } = readSeriesName(from);
    into.cell = cell;
    bar.symbol = symbol;
    bar.timeframe = timeframe;
  } else if (isFirst) from.ok = false;
  else if (!isRowEnd(from)) from.expect(SAME_SERIES);
  if (!block.next(NUMBERS) || !areFinite(NUMBERS)) from.ok = false;
  bar.timestamp = NUMBERS[0] as number;
  bar.open = NUMBERS[1] as number;
  bar.high = NUMBERS[2] as number;
  bar.low = NUMBERS[3] as number;
  bar.close = NUMBERS[4] as number;
  bar.volume = NUMBERS[5] as number;
}

function areFinite(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}

/** Reads the cells that a row ends with, as far as there are any. */
export function readSeldom(from: JsonReader, { bar }: BarTextSlot, usual: Shared): void {
  bar.backfilled = undefined;
  bar.revision = undefined;
  bar.price = bar.close;
  bar.source = usual.source;
  bar.isFinal = usual.isFinal;
  if (!isRowEnd(from)) readSeldomCells(from, bar);
}

/** Whether a row has no more cells. */
export const isRowEnd = (from: JsonReader): boolean => from.isByte(BRACKET_BYTE);

function readSeldomCells(from: JsonReader, bar: BarEventSlot): void {
  if (from.skip(TRUE)) bar.backfilled = true;
  else from.expect(NULL);
  if (isRowEnd(from)) return;
  bar.revision = readNumberOrNull(from) ?? undefined;
  if (isRowEnd(from)) return;
  bar.price = readNumberOrNull(from) ?? bar.close;
  if (isRowEnd(from)) return;
  if (!from.skip(NULL)) {
    from.expect(SOURCE);
    bar.source = readText(from);
  }
  if (isRowEnd(from)) return;
  bar.isFinal = from.skip(TRUE);
  if (!bar.isFinal) from.expect(FALSE);
}

function readNumberOrNull(from: JsonReader): number | null {
  return from.skip(NULL) ? null : readCell(from);
}

/** Reads a number and the comma before it. */
export function readCell(from: JsonReader): number {
  from.expectByte(COMMA_BYTE);
  return from.number();
}

/** The bars of an entry. */
export const barFormat = (): BatchFormat<BarText> => {
  const [item, usual, block] = [barTextSlot(), shared(), new ValueBlockReader()];
  let isFirst = true;
  return {
    name: 'bars',
    item,
    begin(from) {
      from.expect(BAR_TABLE);
      readShared(from, usual);
      from.expectByte(BRACKET_BYTE);
      if (from.ok) block.begin(from.bytes);
      isFirst = true;
    },
    read(from) {
      readBar(from, block, item, isFirst);
      readSeldom(from, item, usual);
      isFirst = false;
    },
    end: (from) => block.end(from),
    make: (parsed) => {
      const bar = parsed as BarEvent;
      return { cell: seriesKey(bar?.symbol, bar?.timeframe), bar };
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

/** The name of a source, up to and with the quote behind it. */
function readText(from: JsonReader): string {
  const start = from.at;
  const again = readAgain(from, sourceNames);
  if (again) return again.value;
  const hash = from.hashText(HASH_SEED);
  if (!from.ok) return '';
  const source = sourceNames.of(hash, from.bytes, start, from.at);
  from.expectByte(QUOTE_BYTE);
  return source;
}
