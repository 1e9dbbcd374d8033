import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { packedLength, readPacked } from '../json/packed-doubles';
import { recordText } from './record-text';

/** Writes a row of a table, bytes from…to − 1 without its brackets, as a JSON object. */
export type NamedRow = (to: JsonWriter, bytes: Uint8Array, from: number, end: number) => void;

const [END, EMPTY] = [jsonPiece('}'), jsonPiece('{}')];

/**
 * Compiles the names of a table's cells.
 * @param must of those that every row has
 * @param record of the one behind them: numbers, packed, which it takes apart
 * @param paths of those numbers in the record, those that share a way beside each other
 * @param may of those that a row may end before
 */
export function namedRow(
  must: readonly string[],
  record: string,
  paths: readonly (readonly string[])[],
  may: readonly string[],
): NamedRow {
  const before = must.map((name, i) => nameOf(name, i === 0 ? '{' : ','));
  const opened = nameOf(record, ',');
  const numbers = new Float64Array(paths.length);
  const unpacked = recordText(paths);
  const further = may.map((name) => nameOf(name, ','));
  return (to, bytes, from, end) => {
    let at = from;
    for (const name of before) {
      to.piece(name);
      at = to.copyCell(bytes, at, end) + 1;
    }
    to.piece(opened);
    if (at < end) {
      if (readPacked(bytes, at + 1, numbers) < 0) throw new Error(`${record}: not ${paths.length} packed numbers`);
      unpacked(to, numbers);
      at += 2 + packedLength(paths.length) + 1; // its quotes, and the comma behind it
    } else to.piece(EMPTY);
    for (const name of further) {
      if (at >= end) break;
      to.piece(name);
      at = to.copyCell(bytes, at, end) + 1;
    }
    to.piece(END);
  };
}

const nameOf = (name: string, before: string): JsonPiece => jsonPiece(`${before}${JSON.stringify(name)}:`);
