import type { BarEvent } from '@wagehood/contracts';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonWriter } from '../json/json-writer';
import { BAR_CELLS, namesOf, NULL, SELDOM_CELLS } from './bar-cells';
import { namedEvent, type NamedRow, type SharedOfEvents } from './named-event';
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

/**
 * The text of calculation events under one set of columns: the cells of a bar, all values packed into one cell, and what is different from
 * what the table says of all. It writes one table after the other, and reads one after the other.
 */
export interface EventFormat {
  /** Writes what a table of them begins with; returns what writes a row of this table as a JSON object. */
  begin(to: JsonWriter, first: BarEvent, receivedAt: number): NamedRow;
  /** Writes what follows the bar's cells in a row of the table that was begun last, without the closing bracket. */
  write(to: JsonWriter, bar: BarEvent, receivedAt: number, values: Float64Array): void;
  /** The same for a forming bar: it is shown, never computed on, and carries no values. */
  writeForming(to: JsonWriter, bar: BarEvent, receivedAt: number): void;
  /** Reads what a table begins with; clears `from.ok` when it has other columns. */
  readBegin(from: JsonReader): void;
  /** Reads a row up to its closing bracket, its values in the order of the columns. */
  read(from: JsonReader, into: EventSlot, values: Float64Array): void;
}

const [COMMA, COMMA_BYTE] = [jsonPiece(','), 44];
const SELDOM_NAMES = jsonPiece(`},${namesOf(SELDOM_CELLS)}`);
const RECEIVED_AT = new Float64Array(1);

const sharedOfEvents = (): SharedOfEvents => ({ source: '', isFinal: true, receivedAt: 0.5 });

/** Compiles columns into their format: names stand before a table once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const paths = columns.map(valuePath);
  const values = { values: paths.map((path) => path.join('.')) };
  const opening = jsonPiece(`[[${namesOf([...BAR_CELLS, values])}{"receivedAt":`);
  const namedRow = namedEvent(paths);
  /** Of the tables that are being written and read. */
  let written = sharedOfEvents();
  const read = sharedOfEvents();
  return {
    begin(to, first, receivedAt) {
      const usual = sharedOfEvents();
      written = usual;
      usual.receivedAt = receivedAt;
      to.piece(opening);
      to.number(receivedAt);
      to.piece(SELDOM_NAMES);
      writeShared(to, first, usual);
      return (into, text, from, end) => namedRow(into, text, from, end, usual);
    },
    write(to, bar, receivedAt, numbers) {
      to.piece(COMMA);
      to.packed(numbers);
      writeEnd(to, bar, receivedAt, written);
    },
    writeForming(to, bar, receivedAt) {
      if (receivedAt !== written.receivedAt || seldomCells(bar, written) > 0) to.piece(NULL);
      writeEnd(to, bar, receivedAt, written);
    },
    readBegin(from) {
      from.expect(opening);
      from.number(RECEIVED_AT, 0);
      read.receivedAt = RECEIVED_AT[0] as number;
      from.expect(SELDOM_NAMES);
      readShared(from, read);
    },
    read(from, into, numbers) {
      readBar(from, into);
      if (isRowEnd(from) || from.skip(NULL)) numbers.fill(NaN);
      else {
        from.expectByte(COMMA_BYTE);
        from.packed(numbers);
      }
      readEnd(from, into, read);
    },
  };
}

function writeEnd(to: JsonWriter, bar: BarEvent, receivedAt: number, usual: SharedOfEvents): void {
  const cells = seldomCells(bar, usual);
  if (receivedAt !== usual.receivedAt) {
    to.piece(COMMA);
    to.number(receivedAt);
  } else if (cells > 0) to.piece(NULL);
  writeSeldom(to, bar, usual, cells);
}

function readEnd(from: JsonReader, into: EventSlot, usual: SharedOfEvents): void {
  into.receivedAt = usual.receivedAt;
  if (!isRowEnd(from) && !from.skip(NULL)) {
    readCell(from, RECEIVED_AT, 0);
    into.receivedAt = RECEIVED_AT[0] as number;
  }
  readSeldom(from, into, usual);
}
