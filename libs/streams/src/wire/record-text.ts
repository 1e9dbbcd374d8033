import { jsonPiece, type JsonPiece, type JsonWriter } from '../json/json-writer';

/** Writes numbers as a JSON object, null for NaN. */
export type RecordText = (to: JsonWriter, numbers: Float64Array) => void;

const EMPTY = jsonPiece('{}');

/**
 * Compiles the names of a record's numbers into pieces.
 * @param paths the way to each, those that share one beside each other
 * @param places where each stands among the numbers; default: in the order of the paths
 */
export function recordText(
  paths: readonly (readonly string[])[],
  places: readonly number[] = paths.map((_, i) => i),
): RecordText {
  const ways = paths.map((path, i) => jsonPiece(opening(paths[i - 1] ?? null, path)));
  const behind = paths.length > 0 ? jsonPiece('}'.repeat(paths.at(-1)?.length ?? 0)) : EMPTY;
  return (to, numbers) => {
    for (let i = 0; i < ways.length; i++) {
      to.piece(ways[i] as JsonPiece);
      to.numberOf(numbers, places[i] as number);
    }
    to.piece(behind);
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
