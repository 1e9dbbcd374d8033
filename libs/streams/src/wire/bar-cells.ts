import { jsonPiece } from '../json/json-writer';

/**
 * The text of bars, as every service of ours writes it: a table, the names of the fields in its first row, without spaces. By hand in
 * both directions, because this runs for every bar of the whole market. A text of another shape is as good, and `JSON.parse` reads it.
 */

/** The cells that every row has. */
export const BAR_CELLS = ['symbol', 'timeframe', 'timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;
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
export const BAR_TABLE = jsonPiece(`[[${namesOf([...BAR_CELLS, ...SELDOM_CELLS])}`);
/** The cell behind that of the source, and the brace that ends that. */
export const [SHARED_FINAL, SHARED_FORMING] = [jsonPiece('},{"isFinal":true}'), jsonPiece('},{"isFinal":false}')];
/** What stands before each row. */
export const ROW = jsonPiece(',[');
export const [TRUE, FALSE, NULL] = [jsonPiece(',true'), jsonPiece(',false'), jsonPiece(',null')];
