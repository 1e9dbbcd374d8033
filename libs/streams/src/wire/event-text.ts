import type { BarEvent } from '@wagehood/contracts';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import {
  BAR_CELLS,
  barTextSlot,
  MARK_CELLS,
  readBar,
  readCell,
  readMarks,
  tableOpening,
  writeMarks,
  type BarText,
  type BarTextSlot,
} from './bar-text';
import { namedRow, type NamedRow } from './named-row';

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
 * The text of calculation events under one set of columns: the cells of a bar, when it was received, all values packed into one cell, the
 * bar's marks.
 */
export interface EventFormat {
  /** What a table of them begins with. */
  readonly opening: JsonPiece;
  /** A row by its names, as a JSON object. */
  readonly named: NamedRow;
  /** Writes what follows the bar's cells, without the closing bracket. */
  write(to: JsonWriter, bar: BarEvent, receivedAt: number, values: Float64Array): void;
  /** Reads a row up to its closing bracket, its values in the order of the columns. */
  read(from: JsonReader, into: EventSlot, values: Float64Array): void;
}

const [COMMA, COMMA_BYTE, BRACKET_BYTE] = [jsonPiece(','), 44, 93];
const RECEIVED_AT = new Float64Array(1);
const EVENT_CELLS = [...BAR_CELLS, 'receivedAt'];

/** Compiles columns into their format: names stand before a table once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const paths = columns.map(valuePath);
  return {
    opening: tableOpening([...EVENT_CELLS, { values: paths.map((path) => path.join('.')) }, ...MARK_CELLS]),
    named: namedRow(EVENT_CELLS, 'values', paths, MARK_CELLS),
    write(to, bar, receivedAt, values) {
      writeReceivedAt(to, receivedAt);
      to.piece(COMMA);
      to.packed(values);
      writeMarks(to, bar);
    },
    read(from, into, values) {
      readBar(from, into);
      readCell(from, RECEIVED_AT, 0);
      into.receivedAt = RECEIVED_AT[0] as number;
      if (from.isByte(BRACKET_BYTE)) return noValues(into, values);
      from.expectByte(COMMA_BYTE);
      from.packed(values);
      readMarks(from, into);
    },
  };
}

/** What follows the cells of a forming bar: it is shown, never computed on, and carries no values. */
export function writeReceivedAt(to: JsonWriter, receivedAt: number): void {
  to.piece(COMMA);
  to.number(receivedAt);
}

function noValues({ bar }: EventSlot, values: Float64Array): void {
  values.fill(NaN);
  bar.backfilled = undefined;
  bar.revision = undefined;
}
