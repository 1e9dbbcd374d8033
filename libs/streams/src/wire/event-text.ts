import type { BarEvent } from '@wagehood/contracts';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { BAR_NUMBERS, NAME_CELLS, namesOf, NULL, SAME_SERIES, SELDOM_CELLS } from './bar-cells';
import { namedEvent, type SharedOfEvents } from './named-event';
import {
  barTextSlot,
  isRowEnd,
  readBar,
  readCell,
  readSeldom,
  readShared,
  type BarText,
  type BarTextSlot,
} from './read-bars';
import { ValueBlockReader } from './value-block';
import { nameCells, seldomCells, writeSeldom, writeShared } from './write-bars';

/** One value of an event: an output of an indicator; `output` null: the indicator is a scalar. */
export interface ValueColumn {
  readonly indicator: string;
  readonly output: string | null;
}

/** Where the value of a column stands among the values of an event. */
export const valuePath = ({ indicator, output }: ValueColumn): readonly string[] =>
  output === null ? [indicator] : [indicator, output];

/** A calculation event that was read. */
export interface EventText extends BarText {
  readonly receivedAt: number;
}

/** The same while it is being read. */
export type EventSlot = BarTextSlot & { receivedAt: number };

/** A place for events to be read into. */
export function eventSlot(): EventSlot {
  const { cell, bar } = barTextSlot();
  return { cell, bar, receivedAt: 0.5 }; // spread, each slot would be of a shape of its own
}

/** What makes JSON objects of the rows of a table. */
export interface NamedRow {
  /** How many numbers each has. */
  readonly numbers: number;
  /**
   * Writes a row of this series, whose other cells are bytes from…end − 1 of this text, each with the comma before it; its numbers begin
   * at `at`.
   */
  write(to: JsonWriter, series: JsonPiece, text: Uint8Array, from: number, end: number, numbers: Float64Array, at: number): void; // prettier-ignore
}

/**
 * The text of calculation events under one set of columns: the name of the series, then what is different from what the table says of all; the
 * numbers of all rows, those of the bar and the values, stand behind the last one. It writes one table after the other, and reads one after the
 * other.
 */
export interface EventFormat {
  /** Writes what a table of them begins with; returns what makes objects of its rows. */
  begin(to: JsonWriter, first: BarEvent, receivedAt: number): NamedRow;
  /**
   * Writes a row of the table that was begun last, without the brackets.
   * @param repeats the row before is of the same series
   * @returns where the cells begin that stand behind the name of the series
   */
  write(to: JsonWriter, bar: BarEvent, receivedAt: number, repeats: boolean): number;
  /** Reads what a table begins with; clears `from.ok` when it has other columns, unless it has none, as that of forming bars. */
  readBegin(from: JsonReader): void;
  /** Reads a row up to its closing bracket, its values in the order of the columns. */
  read(from: JsonReader, into: EventSlot, values: Float64Array): void;
  /** Goes behind the numbers at the end of a table. */
  readEnd(from: JsonReader): void;
}

const [COMMA, FIRST_ROW_END] = [jsonPiece(','), jsonPiece(']')];
const OPENING = jsonPiece(`[[${namesOf(NAME_CELLS)}{"receivedAt":`);
const SELDOM_NAMES = jsonPiece(`},${namesOf(SELDOM_CELLS)}`);

const sharedOfEvents = (): SharedOfEvents => ({ source: '', isFinal: true, receivedAt: 0.5 });
const valueNames = (paths: readonly (readonly string[])[]): JsonPiece =>
  jsonPiece(`,${JSON.stringify({ values: paths.map((path) => path.join('.')) })}`);
const NO_VALUES = valueNames([]);

/** Compiles columns into their format: names stand before a table once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const paths = columns.map(valuePath);
  const names = valueNames(paths);
  const named = namedEvent(paths);
  const numbers = new Float64Array(BAR_NUMBERS.length + paths.length);
  const block = new ValueBlockReader();
  /** Of the tables that are being written and read. */
  let written = sharedOfEvents();
  const read = sharedOfEvents();
  let [hasValues, isFirst] = [false, true];
  return {
    begin(to, first, receivedAt) {
      const usual = sharedOfEvents();
      written = usual;
      usual.source = first.source;
      usual.isFinal = first.isFinal;
      usual.receivedAt = receivedAt;
      to.piece(OPENING);
      to.number(receivedAt);
      to.piece(SELDOM_NAMES);
      writeShared(to, usual);
      to.piece(names);
      to.piece(FIRST_ROW_END);
      return {
        numbers: numbers.length,
        write(into, series, text, from, end, all, at) {
          for (let i = 0; i < numbers.length; i++) numbers[i] = all[at + i] as number;
          named(into, series, text, from, end, numbers, usual);
        },
      };
    },
    write(to, bar, receivedAt, repeats) {
      const cells = seldomCells(bar, written);
      const isUsual = cells === 0 && receivedAt === written.receivedAt;
      if (!repeats) to.piece(nameCells(bar.symbol, bar.timeframe));
      else if (!isUsual) to.piece(SAME_SERIES);
      const { length } = to;
      if (receivedAt !== written.receivedAt) {
        to.piece(COMMA);
        to.number(receivedAt);
      } else if (!isUsual) to.piece(NULL);
      writeSeldom(to, bar, written, cells);
      return length;
    },
    readBegin(from) {
      from.expect(OPENING);
      read.receivedAt = from.number();
      from.expect(SELDOM_NAMES);
      readShared(from, read);
      hasValues = from.skip(names) && paths.length > 0;
      if (!hasValues) from.skip(NO_VALUES);
      from.expect(FIRST_ROW_END);
      if (from.ok) block.begin(from.bytes);
      isFirst = true;
    },
    read(from, into, values) {
      readBar(from, block, into, isFirst);
      isFirst = false;
      into.receivedAt = read.receivedAt;
      if (!isRowEnd(from) && !from.skip(NULL)) into.receivedAt = readCell(from);
      readSeldom(from, into, read);
      if (!hasValues) values.fill(NaN);
      else if (!block.next(values)) from.ok = false;
    },
    readEnd: (from) => block.end(from),
  };
}
