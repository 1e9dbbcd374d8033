import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { BAR_CELLS, type Shared } from './bar-cells';
import { recordText } from './record-text';

/** What a table of events says once for all its rows. A row that is different says so at its end. */
export interface SharedOfEvents extends Shared {
  /** Epoch ms. */
  receivedAt: number;
}

/** Writes a row of a table, bytes from…to − 1 of its text without the brackets, as a JSON object. */
export type WriteNamed = (
  to: JsonWriter,
  text: Uint8Array,
  from: number,
  end: number,
  values: Float64Array,
  usual: SharedOfEvents,
) => void;

const nameOf = (name: string, before = ','): JsonPiece => jsonPiece(`${before}${JSON.stringify(name)}:`);

const BAR_NAMES = BAR_CELLS.map((name, i) => nameOf(name, i === 0 ? '{' : ','));
const [CLOSE, FIRST_OF_NULL, NULL_LENGTH] = [BAR_CELLS.indexOf('close'), 110, 4];
const [RECEIVED_AT, BACKFILLED, REVISION, PRICE, SOURCE, IS_FINAL, VALUES] = [
  ...['receivedAt', 'backfilled', 'revision', 'price', 'source', 'isFinal', 'values'],
].map((name) => nameOf(name)) as [JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece];
const [END, TRUE, FALSE] = [jsonPiece('}'), jsonPiece('true'), jsonPiece('false')];

/**
 * Compiles the row of an event under its names.
 * @param paths of its values, those that share a way beside each other
 */
export function namedEvent(paths: readonly (readonly string[])[]): WriteNamed {
  const record = recordText(paths);
  return (to, text, from, end, values, usual) => {
    let [at, close] = [from, from];
    for (let i = 0; i < BAR_NAMES.length; i++) {
      if (i === CLOSE) close = at;
      to.piece(BAR_NAMES[i] as JsonPiece);
      at = to.copyCell(text, at, end) + 1;
    }
    at = cell(to, RECEIVED_AT, text, at, end, () => to.number(usual.receivedAt));
    at = cell(to, BACKFILLED, text, at, end, null);
    at = cell(to, REVISION, text, at, end, null);
    at = cell(to, PRICE, text, at, end, () => to.copyCell(text, close, end));
    at = cell(to, SOURCE, text, at, end, () => to.text(JSON.stringify(usual.source)));
    cell(to, IS_FINAL, text, at, end, () => to.piece(usual.isFinal ? TRUE : FALSE));
    to.piece(VALUES);
    record(to, values);
    to.piece(END);
  };
}

/**
 * Writes a cell under its name as the row has it, or as it is `otherwise`; null: not at all.
 * @returns where the next one begins
 */
function cell(
  to: JsonWriter,
  name: JsonPiece,
  text: Uint8Array,
  at: number,
  end: number,
  otherwise: (() => void) | null,
): number {
  const said = at < end && text[at] !== FIRST_OF_NULL;
  if (said || otherwise) to.piece(name);
  if (said) return to.copyCell(text, at, end) + 1;
  otherwise?.();
  return at + NULL_LENGTH + 1;
}
