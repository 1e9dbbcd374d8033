import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { barTextSlot, readBar, readNumber, type BarText, type BarTextSlot } from './bar-text';

/** One value of an event: an output of an indicator; `output` null: the indicator is a scalar. */
export interface ValueColumn {
  readonly indicator: string;
  readonly output: string | null;
}

/** A calculation event that was read. */
export interface EventText extends BarText {
  readonly receivedAt: number;
}

/** The same while it is being read. */
export type EventSlot = BarTextSlot & { receivedAt: number };

/** A place for events to be read into. */
export const eventSlot = (): EventSlot => ({ ...barTextSlot(), receivedAt: 0.5 });

/** The text of calculation events under one set of columns: a bar's fields, when it was received, every value by name. */
export interface EventFormat {
  /** Writes what follows the bar's fields, with the closing brace. NaN is written as null. */
  write(to: JsonWriter, receivedAt: number, values: Float64Array): void;
  /** Reads an event up to its closing brace, its values in the order of the columns, NaN for null. */
  read(from: JsonReader, into: EventSlot, values: Float64Array): void;
}

const RECEIVED_AT = jsonPiece(',"receivedAt":');
const NO_VALUES = jsonPiece(',"values":{}}');

/** Compiles columns into their format: names are put into bytes once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const { before, behind } = piecesOf(columns);
  const behindLast = jsonPiece(behind);
  const end = jsonPiece(`${behind}}`);
  return {
    write(to, receivedAt, values) {
      to.piece(RECEIVED_AT);
      to.number(receivedAt);
      for (let i = 0; i < before.length; i++) {
        to.piece(before[i] as JsonPiece);
        to.numberOf(values, i);
      }
      to.piece(end);
    },
    read(from, into, values) {
      readBar(from, into);
      from.expect(RECEIVED_AT);
      into.receivedAt = readNumber(from);
      for (let i = 0; i < before.length; i++) {
        from.expect(before[i] as JsonPiece);
        from.numberOrNull(values, i);
      }
      from.expect(behindLast);
    },
  };
}

/** What follows the fields of a forming bar: it is shown, never computed on, and carries no values. */
export function writeNoValues(to: JsonWriter, receivedAt: number): void {
  to.piece(RECEIVED_AT);
  to.number(receivedAt);
  to.piece(NO_VALUES);
}

/** What stands before each number, and behind the last up to the closing brace of the event. */
function piecesOf(columns: readonly ValueColumn[]): { before: JsonPiece[]; behind: string } {
  const before: JsonPiece[] = [];
  let text = ',"values":{';
  columns.forEach(({ indicator, output }, i) => {
    const previous = columns[i - 1];
    const isFirst = previous?.indicator !== indicator;
    if (isFirst && previous) text += previous.output === null ? ',' : '},';
    if (isFirst) text += `${JSON.stringify(indicator)}:`;
    if (output !== null) text += `${isFirst ? '{' : ','}${JSON.stringify(output)}:`;
    before.push(jsonPiece(text));
    text = '';
  });
  const last = columns.at(-1);
  return { before, behind: `${text}${last && last.output !== null ? '}' : ''}}` };
}
