import { jsonPiece, type JsonPiece } from '../json/json-writer';

/**
 * The text of bars, as every service of ours writes it: a table, the names of the fields in its first row, without spaces; their numbers stand
 * behind the last row. By hand in both directions, because this runs for every bar of the whole market. A text of another shape is as good, and
 * `JSON.parse` reads it.
 */

/** The cells that a row begins with; one of the same series as the row before may end before them. */
export const NAME_CELLS = [{ symbol: { repeats: true } }, { timeframe: { repeats: true } }] as const;
/** The numbers of a bar behind the rows. */
export const BAR_NUMBERS = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;
/** The cells that rows end with, before those of `Shared`; nearly all rows end before the first of them. */
export const SELDOM_CELLS = ['backfilled', 'revision', { price: { sameAs: 'close' } }] as const;

/** What a table says once for all its rows. A row that is different says so at its end. */
export interface Shared {
  source: string;
  isFinal: boolean;
}

export const shared = (): Shared => ({ source: '', isFinal: true });

/** Cells in the first row of a table, each with the comma behind it. */
export const namesOf = (cells: readonly unknown[]): string => cells.map((cell) => `${JSON.stringify(cell)},`).join('');

/** What a table of bars begins with, up to the cells of `Shared`. */
export const BAR_TABLE = jsonPiece(`[[${namesOf([...NAME_CELLS, ...SELDOM_CELLS])}`);
/** The cell behind that of the source, and the brace that ends that; the names of the numbers. */
export const [SHARED_FINAL, SHARED_FORMING] = [true, false].map((isFinal) =>
  jsonPiece(`},${JSON.stringify({ isFinal })},${JSON.stringify(BAR_NUMBERS)}`),
) as [JsonPiece, JsonPiece];
/** What stands before each row. */
export const ROW = jsonPiece(',[');
/** In place of the name of a series: that of the row before. */
export const SAME_SERIES = jsonPiece('null,null');
export const [TRUE, FALSE, NULL] = [jsonPiece(',true'), jsonPiece(',false'), jsonPiece(',null')];
