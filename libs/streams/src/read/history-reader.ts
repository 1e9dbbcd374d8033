import { readBatch } from '@wagehood/contracts';
import { parseSeriesKey } from '@wagehood/market';
import { historyChunkKey, historyIndexKey, streamKey } from '../layout/keys';
import type { RedisClient } from '../redis/connect';
import type { HistoryPosition } from '../stage/history-writer';
import { parseEntry } from '../stage/log-entry';

/** Rows of a series under one set of columns; the first column is always `timestamp` (open time, epoch ms). NaN = no value. */
export interface HistoryPage {
  readonly columns: readonly string[];
  readonly rows: readonly Float64Array[];
}

export interface HistoryRange {
  /** Open times, epoch ms, both included. */
  readonly from: number;
  readonly to: number;
  /** Rows at most; the newest ones of the range. */
  readonly limit: number;
}

/**
 * Reads the stored history of a series, newest chunk first, until the range or the limit is full. Pages are oldest first. Rows that
 * a correction has changed were written again, with all that follow them: of what lies before a row, only earlier times count.
 */
export async function readHistory(
  client: RedisClient,
  tag: string,
  series: string,
  range: HistoryRange,
): Promise<{ pages: HistoryPage[]; newest: number } | null> {
  const json = await client.hget(historyIndexKey(tag), series);
  if (json === null) return null;
  const position = JSON.parse(json) as HistoryPosition;
  const pages: HistoryPage[] = [];
  let wanted = range.limit;
  let newest = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (let chunk = position.last; chunk >= position.first && wanted > 0; chunk--) {
    const bytes = await client.getBuffer(historyChunkKey(tag, series, chunk));
    if (!bytes) break;
    const page = parseChunk(bytes);
    newest = Math.max(newest, page.rows.at(-1)?.[0] ?? newest);
    const standing = earlierThan(page.rows, before);
    before = standing[0]?.[0] ?? before;
    const rows = standing.filter(([time = 0]) => time >= range.from && time <= range.to).slice(-wanted);
    if (rows.length > 0) pages.unshift({ columns: page.columns, rows });
    wanted -= rows.length;
    if (before < range.from) break;
  }
  return { pages, newest };
}

/** Rows that are earlier than `before`, and than every row that was written after them. */
function earlierThan(rows: readonly Float64Array[], before: number): Float64Array[] {
  const standing: Float64Array[] = [];
  for (let i = rows.length - 1, bound = before; i >= 0; i--) {
    const row = rows[i] as Float64Array;
    if ((row[0] as number) >= bound) continue;
    bound = row[0] as number;
    standing.push(row);
  }
  return standing.reverse();
}

/** A chunk: one line of JSON that names the columns, then rows of little-endian float64. */
export function parseChunk(bytes: Buffer): HistoryPage {
  const end = bytes.indexOf(10);
  const { columns } = JSON.parse(bytes.toString('utf8', 0, end)) as { columns: string[] };
  const numbers = new Float64Array(Uint8Array.prototype.slice.call(bytes, end + 1).buffer);
  const rows: Float64Array[] = [];
  for (let at = 0; at + columns.length <= numbers.length; at += columns.length)
    rows.push(numbers.subarray(at, at + columns.length));
  return { columns, rows };
}

const TAIL_PAGE = 50;

/**
 * Final events of a series that are in the stream but not yet in its history: parsed JSON, oldest first. Those of a correction may be
 * in its history already; where they are, they say the same.
 */
export async function readUnwritten(
  client: RedisClient,
  tag: string,
  series: string,
  sinceOpenTime: number,
): Promise<StreamedEvent[]> {
  const { symbol, timeframe } = parseSeriesKey(series);
  const row = `["${symbol}","${timeframe}"`;
  const object = `"symbol":"${symbol}","timeframe":"${timeframe}"`;
  const found: StreamedEvent[] = [];
  const take = (events: readonly StreamedEvent[]): void => {
    const before = found[0]?.timestamp ?? Number.POSITIVE_INFINITY;
    found.unshift(...events.filter(({ timestamp }) => timestamp < before));
  };
  for (let end = '+'; ;) {
    const page = await client.xrevrange(streamKey('calculation_events_stream', tag), end, '-', 'COUNT', TAIL_PAGE);
    for (const raw of page) {
      const { kind, data } = parseEntry(raw);
      if (kind === 'correction' && data.includes(object)) take(correctedIn(data));
      if (kind !== 'bar' || !(data.includes(row) || data.includes(object))) continue;
      const events = (readBatch(data) as StreamedEvent[]).filter(
        (event) => event.symbol === symbol && event.timeframe === timeframe && event.isFinal,
      );
      take(events.filter(({ timestamp }) => timestamp > sinceOpenTime));
      if (events.some(({ timestamp }) => timestamp <= sinceOpenTime)) return found;
    }
    const last = page.at(-1);
    if (!last || page.length < TAIL_PAGE) return found;
    end = `(${last[0]}`;
  }
}

/** The events of a correction that have changed. */
function correctedIn(data: string): readonly StreamedEvent[] {
  const { from, events } = JSON.parse(data) as { readonly from: number; readonly events: readonly StreamedEvent[] };
  return events.filter(({ timestamp }) => timestamp >= from);
}

/** What is needed of an event to pick it; the rest is passed on as it is. */
export interface StreamedEvent {
  readonly symbol: string;
  readonly timeframe: string;
  readonly timestamp: number;
  readonly isFinal: boolean;
}
