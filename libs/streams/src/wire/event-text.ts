import type { BarEvent } from '@wagehood/contracts';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { BAR_CELLS, namesOf, NULL, SELDOM_CELLS } from './bar-cells';
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
import { seldomCells, writeSeldom, writeShared } from './write-bars';

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
  const { cell, bar, from, to } = barTextSlot();
  return { cell, bar, from, to, receivedAt: 0.5 }; // spread, each slot would be of a shape of its own
}

/** What makes JSON objects of the rows of a table. */
export interface NamedRow {
  /** How many values each has. */
  readonly values: number;
  /** Writes the row that is bytes from…end − 1 of this text, without the brackets; its values begin at `at`. */
  write(to: JsonWriter, text: Uint8Array, from: number, end: number, values: Float64Array, at: number): void;
}

/**
 * The text of calculation events under one set of columns: the cells of a bar, then what is different from what the table says of all; the
 * values of all rows stand behind the last one. It writes one table after the other, and reads one after the other.
 */
export interface EventFormat {
  /** Writes what a table of them begins with; returns what makes objects of its rows. */
  begin(to: JsonWriter, first: BarEvent, receivedAt: number): NamedRow;
  /** Writes what follows the bar's cells in a row of the table that was begun last, without the closing bracket. */
  write(to: JsonWriter, bar: BarEvent, receivedAt: number): void;
  /** Reads what a table begins with; clears `from.ok` when it has other columns, unless it has none, as that of forming bars. */
  readBegin(from: JsonReader): void;
  /** Reads a row up to its closing bracket, its values in the order of the columns. */
  read(from: JsonReader, into: EventSlot, values: Float64Array): void;
  /** Goes behind the values at the end of a table. */
  readEnd(from: JsonReader): void;
}

const [COMMA, FIRST_ROW_END] = [jsonPiece(','), jsonPiece(']')];
const OPENING = jsonPiece(`[[${namesOf(BAR_CELLS)}{"receivedAt":`);
const SELDOM_NAMES = jsonPiece(`},${namesOf(SELDOM_CELLS)}`);
const RECEIVED_AT = new Float64Array(1);

const sharedOfEvents = (): SharedOfEvents => ({ source: '', isFinal: true, receivedAt: 0.5 });
const valueNames = (paths: readonly (readonly string[])[]): JsonPiece =>
  jsonPiece(`,${JSON.stringify({ values: paths.map((path) => path.join('.')) })}`);
const NO_VALUES = valueNames([]);

/** Compiles columns into their format: names stand before a table once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const paths = columns.map(valuePath);
  const names = valueNames(paths);
  const named = namedEvent(paths);
  const numbers = new Float64Array(paths.length);
  const block = new ValueBlockReader();
  /** Of the tables that are being written and read. */
  let written = sharedOfEvents();
  const read = sharedOfEvents();
  let hasValues = false;
  return {
    begin(to, first, receivedAt) {
      const usual = sharedOfEvents();
      written = usual;
      usual.receivedAt = receivedAt;
      to.piece(OPENING);
      to.number(receivedAt);
      to.piece(SELDOM_NAMES);
      writeShared(to, first, usual);
      to.piece(names);
      to.piece(FIRST_ROW_END);
      return {
        values: numbers.length,
        write(into, text, from, end, values, at) {
          for (let i = 0; i < numbers.length; i++) numbers[i] = values[at + i] as number;
          named(into, text, from, end, numbers, usual);
        },
      };
    },
    write(to, bar, receivedAt) {
      const cells = seldomCells(bar, written);
      if (receivedAt !== written.receivedAt) {
        to.piece(COMMA);
        to.number(receivedAt);
      } else if (cells > 0) to.piece(NULL);
      writeSeldom(to, bar, written, cells);
    },
    readBegin(from) {
      from.expect(OPENING);
      from.number(RECEIVED_AT, 0);
      read.receivedAt = RECEIVED_AT[0] as number;
      from.expect(SELDOM_NAMES);
      readShared(from, read);
      hasValues = from.skip(names) && paths.length > 0;
      if (hasValues) block.begin(from.bytes);
      else from.skip(NO_VALUES);
      from.expect(FIRST_ROW_END);
    },
    read(from, into, values) {
      readBar(from, into);
      into.receivedAt = read.receivedAt;
      if (!isRowEnd(from) && !from.skip(NULL)) {
        readCell(from, RECEIVED_AT, 0);
        into.receivedAt = RECEIVED_AT[0] as number;
      }
      readSeldom(from, into, read);
      if (!hasValues) values.fill(NaN);
      else if (!block.next(values)) from.ok = false;
    },
    readEnd(from) {
      if (!hasValues) return;
      if (block.endsAt(from.at)) from.at = from.bytes.length - 1;
      else from.ok = false;
    },
  };
}
