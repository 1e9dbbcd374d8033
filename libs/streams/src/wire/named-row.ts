import { jsonPiece, type JsonWriter } from '../json/json-writer';

/** Writes a row of a table, bytes from…to − 1 without its brackets, as a JSON object. */
export type NamedRow = (to: JsonWriter, bytes: Uint8Array, from: number, end: number) => void;

const END = jsonPiece('}');

/**
 * Compiles the names of a table's cells: paths of those that every row has, records that share a way beside each other; then names of
 * those that a row may end before.
 */
export function namedRow(must: readonly (readonly string[])[], may: readonly string[]): NamedRow {
  const before = must.map((path, i) => jsonPiece(opening(must[i - 1] ?? null, path)));
  const behind = jsonPiece('}'.repeat((must.at(-1)?.length ?? 1) - 1));
  const further = may.map((name) => jsonPiece(`,${JSON.stringify(name)}:`));
  const names = [...before, ...further];
  return (to, bytes, from, end) => {
    let at = from;
    for (let i = 0; i < names.length; i++) {
      if (i === before.length) to.piece(behind);
      if (at >= end) continue;
      to.piece(names[i] as (typeof names)[number]);
      at = to.copyCell(bytes, at, end) + 1;
    }
    to.piece(END);
  };
}

/** What stands between the value of one path and that of the next: the brackets between them and the names. */
function opening(previous: readonly string[] | null, path: readonly string[]): string {
  let shared = 0;
  while (previous && shared < path.length - 1 && previous[shared] === path[shared]) shared++;
  const closed = previous ? `${'}'.repeat(previous.length - 1 - shared)},` : '{';
  return (
    closed +
    path
      .slice(shared)
      .map((name) => `${JSON.stringify(name)}:`)
      .join('{')
  );
}
