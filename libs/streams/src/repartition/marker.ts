import { movePartitions } from '../protocol/scripts';
import type { RedisClient } from '../redis/connect';
import { StartError } from '../redis/errors';
import { partitionsKey } from '../layout/keys';

/**
 *   16 ──► copy ──► replace ──► rename ──► 64
 *           │ ▲        everything of the old partitions is deleted, then the copies get their names
 *           ▼ │ nothing is touched but copies: may begin anew or be given up
 *          16
 */
export type MoveStep = 'copy' | 'replace' | 'rename';

/** A change of the number of partitions that is under way. */
export interface Move {
  readonly from: number;
  readonly to: number;
  /** No entry of the old partitions has a larger offset; all new streams go on from here. */
  readonly base: number;
  readonly step: MoveStep;
}

/** The text under `partitions`: a number, or the move that is under way. */
export const formatMove = ({ from, to, base, step }: Move): string => `${from}>${to} base=${base} step=${step}`;

export function parseMove(text: string): Move | null {
  const match = /^(\d+)>(\d+) base=(\d+) step=(copy|replace|rename)$/.exec(text);
  if (!match) return null;
  const [, from, to, base, step] = match;
  return { from: Number(from), to: Number(to), base: Number(base), step: step as MoveStep };
}

/** @throws StartError when somebody else has moved it meanwhile */
export async function swapMarker(client: RedisClient, expected: string, next: string): Promise<void> {
  const now = await movePartitions.run(client, [partitionsKey], [expected, next]);
  if (now !== next) throw new StartError(`'${partitionsKey}' is '${now}' where '${expected}' was expected; is another repartition running?`); // prettier-ignore
}
