import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { packedLength, readPacked } from '../json/packed-doubles';
import { BAR_CELLS, type Shared } from './bar-cells';
import { recordText } from './record-text';

/** What a table of events says once for all its rows. A row that is different says so at its end. */
export interface SharedOfEvents extends Shared {
  /** Epoch ms. */
  receivedAt: number;
}

/** Writes a row of a table, bytes from…to − 1 of its text without the brackets, as a JSON object. */
export type NamedRow = (to: JsonWriter, text: Uint8Array, from: number, end: number) => void;

const nameOf = (name: string, before = ','): JsonPiece => jsonPiece(`${before}${JSON.stringify(name)}:`);

const BAR_NAMES = BAR_CELLS.map((name, i) => nameOf(name, i === 0 ? '{' : ','));
const [CLOSE, FIRST_OF_NULL, NULL_LENGTH] = [BAR_CELLS.indexOf('close'), 110, 4];
const [VALUES, RECEIVED_AT, BACKFILLED, REVISION, PRICE, SOURCE, IS_FINAL] = [
  ...['values', 'receivedAt', 'backfilled', 'revision', 'price', 'source', 'isFinal'],
].map((name) => nameOf(name)) as [JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece];
const [END, EMPTY, TRUE, FALSE] = [jsonPiece('}'), jsonPiece('{}'), jsonPiece('true'), jsonPiece('false')];

/**
 * Compiles the row of an event under its names.
 * @param paths of its values, those that share a way beside each other
 */
export function namedEvent(
  paths: readonly (readonly string[])[],
): (...row: [...Parameters<NamedRow>, usual: SharedOfEvents]) => void {
  const numbers = new Float64Array(paths.length);
  const unpacked = recordText(paths);
  /** @returns where the next cell begins */
  const values = (to: JsonWriter, bytes: Uint8Array, at: number, end: number): number => {
    to.piece(VALUES);
    if (!isSaid(bytes, at, end)) {
      to.piece(EMPTY);
      return at + NULL_LENGTH + 1;
    }
    if (readPacked(bytes, at + 1, numbers) < 0) throw new Error(`values: not ${paths.length} packed numbers`);
    unpacked(to, numbers);
    return at + 2 + packedLength(paths.length) + 1; // its quotes, and the comma behind it
  };
  return (to, bytes, from, end, usual) => {
    let [at, close] = [from, from];
    for (let i = 0; i < BAR_NAMES.length; i++) {
      if (i === CLOSE) close = at;
      to.piece(BAR_NAMES[i] as JsonPiece);
      at = to.copyCell(bytes, at, end) + 1;
    }
    at = values(to, bytes, at, end);
    at = cell(to, RECEIVED_AT, bytes, at, end, () => to.number(usual.receivedAt));
    at = cell(to, BACKFILLED, bytes, at, end, null);
    at = cell(to, REVISION, bytes, at, end, null);
    at = cell(to, PRICE, bytes, at, end, () => to.copyCell(bytes, close, end));
    at = cell(to, SOURCE, bytes, at, end, () => to.text(JSON.stringify(usual.source)));
    cell(to, IS_FINAL, bytes, at, end, () => to.piece(usual.isFinal ? TRUE : FALSE));
    to.piece(END);
  };
}

/** Whether a row has more to say than null in the cell that begins at `at`. */
const isSaid = (bytes: Uint8Array, at: number, end: number): boolean => at < end && bytes[at] !== FIRST_OF_NULL;

/**
 * Writes a cell under its name as the row has it, or as it is `otherwise`; null: not at all.
 * @returns where the next one begins
 */
function cell(
  to: JsonWriter,
  name: JsonPiece,
  bytes: Uint8Array,
  at: number,
  end: number,
  otherwise: (() => void) | null,
): number {
  const said = isSaid(bytes, at, end);
  if (said || otherwise) to.piece(name);
  if (said) return to.copyCell(bytes, at, end) + 1;
  otherwise?.();
  return at + NULL_LENGTH + 1;
}
