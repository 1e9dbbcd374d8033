import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';
import { BAR_NUMBERS, type Shared } from './bar-cells';
import { recordText } from './record-text';

/** What a table of events says once for all its rows. A row that is different says so at its end. */
export interface SharedOfEvents extends Shared {
  /** Epoch ms. */
  receivedAt: number;
}

/** What the object of an event of a series begins with. */
export const seriesFields = (symbol: string, timeframe: string): JsonPiece =>
  jsonPiece(JSON.stringify({ symbol, timeframe }).slice(0, -1));

/**
 * Writes a row of a table as a JSON object: that of this series, with these numbers, whose other cells are bytes from…end − 1 of its text, each with
 * the comma before it.
 */
export type WriteNamed = (
  to: JsonWriter,
  series: JsonPiece,
  text: Uint8Array,
  from: number,
  end: number,
  numbers: Float64Array,
  usual: SharedOfEvents,
) => void;

const nameOf = (name: string): JsonPiece => jsonPiece(`,${JSON.stringify(name)}:`);

const NUMBER_NAMES = BAR_NUMBERS.map(nameOf);
const [CLOSE, FIRST_OF_NULL, NULL_LENGTH] = [BAR_NUMBERS.indexOf('close'), 110, 4];
const [RECEIVED_AT, BACKFILLED, REVISION, PRICE, SOURCE, IS_FINAL, VALUES] = [
  ...['receivedAt', 'backfilled', 'revision', 'price', 'source', 'isFinal', 'values'],
].map(nameOf) as [JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece, JsonPiece];
const [END, TRUE, FALSE] = [jsonPiece('}'), jsonPiece('true'), jsonPiece('false')];

/**
 * Compiles the row of an event under its names.
 * @param paths of its values, which stand behind the numbers of the bar; those that share a way beside each other
 */
export function namedEvent(paths: readonly (readonly string[])[]): WriteNamed {
  const record = recordText(
    paths,
    paths.map((_, i) => BAR_NUMBERS.length + i),
  );
  return (to, series, text, from, end, numbers, usual) => {
    to.piece(series);
    for (let i = 0; i < NUMBER_NAMES.length; i++) {
      to.piece(NUMBER_NAMES[i] as JsonPiece);
      to.numberOf(numbers, i);
    }
    let at = from + 1;
    at = cell(to, RECEIVED_AT, text, at, end, () => to.number(usual.receivedAt));
    at = cell(to, BACKFILLED, text, at, end, null);
    at = cell(to, REVISION, text, at, end, null);
    at = cell(to, PRICE, text, at, end, () => to.numberOf(numbers, CLOSE));
    at = cell(to, SOURCE, text, at, end, () => to.text(JSON.stringify(usual.source)));
    cell(to, IS_FINAL, text, at, end, () => to.piece(usual.isFinal ? TRUE : FALSE));
    to.piece(VALUES);
    record(to, numbers);
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
