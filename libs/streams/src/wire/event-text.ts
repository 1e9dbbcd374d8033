import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { readBar, type BarText } from './bar-text';

/** One value of an event: an output of an indicator; `output` null: the indicator is a scalar. */
export interface ValueColumn {
  readonly indicator: string;
  readonly output: string | null;
}

/** A calculation event that was read; its values went into the array that was given, from place `at` on. */
export interface EventText extends BarText {
  readonly receivedAt: number;
  readonly at: number;
}

/** The text of calculation events under one set of columns: a bar's fields, when it was received, every value by name. */
export interface EventFormat {
  /** Writes what follows the bar's fields, with the closing brace. NaN is written as null. */
  write(to: JsonWriter, receivedAt: number, values: Float64Array): void;
  /** Reads an event up to its closing brace; its values go into `values` from place `at` on, NaN for null. */
  read(from: JsonReader, values: Float64Array, at: number): EventText;
}

const RECEIVED_AT = jsonPiece(',"receivedAt":');
const NO_VALUES = jsonPiece(',"values":{}}');
const BRACE = '}'.charCodeAt(0);

/** Compiles columns into their format: names are put into bytes once, only numbers are left to write and read. */
export function eventFormat(columns: readonly ValueColumn[]): EventFormat {
  const { before, end } = piecesOf(columns);
  const behindLast = end.subarray(0, end.lastIndexOf(BRACE));
  return {
    write(to, receivedAt, values) {
      to.piece(RECEIVED_AT);
      to.number(receivedAt);
      for (let i = 0; i < before.length; i++) {
        to.piece(before[i] as JsonPiece);
        to.number(values[i] as number);
      }
      to.piece(end);
    },
    read(from, values, at) {
      const { cell, bar, from: start, to } = readBar(from);
      from.expect(RECEIVED_AT);
      const receivedAt = from.number();
      for (let i = 0; i < before.length; i++) {
        from.expect(before[i] as JsonPiece);
        values[at + i] = from.numberOrNull();
      }
      from.expect(behindLast);
      return { cell, bar, receivedAt, at, from: start, to };
    },
  };
}

/** What follows the fields of a forming bar: it is shown, never computed on, and carries no values. */
export function writeNoValues(to: JsonWriter, receivedAt: number): void {
  to.piece(RECEIVED_AT);
  to.number(receivedAt);
  to.piece(NO_VALUES);
}

/** What stands before each number, and behind the last. */
function piecesOf(columns: readonly ValueColumn[]): { before: JsonPiece[]; end: JsonPiece } {
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
  return { before, end: jsonPiece(`${text}${last && last.output !== null ? '}' : ''}}}`) };
}
