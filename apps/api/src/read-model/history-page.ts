/**
 * How `/data/historical` turns pages. With a `start_date` it walks forward from there; without one it begins with the
 * newest bars and walks back. Bars of a page are oldest first either way.
 */
export interface PageRequest {
  /** Epoch ms, included; undefined = from the newest backwards. */
  readonly start: number | undefined;
  /** Epoch ms, excluded. */
  readonly end: number | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What to read: open times from `from` to `to`, both included; the first or the last `limit` of them. */
export interface PagePlan {
  readonly from: number;
  readonly to: number;
  readonly forward: boolean;
}

const CURSOR = /^([fb])(\d{1,15})$/;

/** Null when the cursor is not one of ours. */
export function planPage({ start, end, cursor }: PageRequest): PagePlan | null {
  const plan = { from: start ?? 0, to: (end ?? Number.MAX_SAFE_INTEGER) - 1, forward: start !== undefined };
  if (cursor === undefined) return plan;
  const match = CURSOR.exec(cursor);
  if (!match) return null;
  const time = Number(match[2]);
  if (match[1] === 'f') return { ...plan, from: Math.max(plan.from, time), forward: true };
  return { ...plan, to: Math.min(plan.to, time), forward: false };
}

/** Picks the page out of what was read for it, and says where the next one begins. */
export function cutPage<Row extends { readonly openTime: number }>(
  rows: readonly Row[],
  limit: number,
  forward: boolean,
): { readonly page: readonly Row[]; readonly nextCursor: string | null } {
  if (rows.length <= limit) return { page: rows, nextCursor: null };
  if (forward) return { page: rows.slice(0, limit), nextCursor: `f${rows[limit]?.openTime}` };
  const page = rows.slice(-limit);
  return { page, nextCursor: `b${(page[0]?.openTime ?? 1) - 1}` };
}
