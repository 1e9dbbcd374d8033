import { openTimeOf, parseSymbol, timeframeMs, validateBar, type Timeframe } from '@wagehood/market';
import type { FeedBar } from '../provider';
import { parseTime } from './parse-time';

/** A row of a file by lower-cased column names. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that is no bar: a reason for the counter and a sentence for people. */
export interface RowFault {
  readonly reason: string;
  readonly message: string;
}

const TIME_COLUMNS = ['timestamp', 'time', 'date', 'datetime', 'opentime', 'open_time'];
const DAY_MS = 86_400_000;

/** The columns that a file must have, as one sentence about those that it lacks; null if all are there. */
export function missingColumns(columns: readonly string[]): string | null {
  const missing = ['open', 'high', 'low', 'close', 'volume'].filter((name) => !columns.includes(name));
  if (!TIME_COLUMNS.some((name) => columns.includes(name))) missing.unshift('date (or timestamp, time)');
  return missing.length === 0 ? null : `no column ${missing.join(', ')}; found ${columns.join(', ') || 'none'}`;
}

/** The time of a row, epoch ms; NaN if it has none that can be read. */
export function rowTime(row: Row): number {
  return parseTime(TIME_COLUMNS.map((name) => row[name]).find((value) => value !== undefined && value !== ''));
}

/** The symbol of a row: the one that the file was given, else its own column; null if neither is a symbol. */
export function rowSymbol(row: Row, fileSymbol: string | null): string | null {
  return fileSymbol ?? (typeof row['symbol'] === 'string' ? parseSymbol(row['symbol']) : null);
}

/** A row as a final bar. Times of daily and weekly rows are moved to the start of their bar: exchanges stamp them in local time. */
export function parseRow(row: Row, symbol: string, timeframe: Timeframe): FeedBar | RowFault {
  const time = rowTime(row);
  if (Number.isNaN(time)) return { reason: 'time-unreadable', message: 'the time cannot be read' };
  const bar: FeedBar = {
    symbol,
    timeframe,
    openTime: timeframeMs(timeframe) >= DAY_MS ? openTimeOf(time, timeframe) : time,
    open: number(row['open']),
    high: number(row['high']),
    low: number(row['low']),
    close: number(row['close']),
    volume: number(row['volume']),
    isFinal: true,
  };
  const fault = validateBar(bar, timeframe);
  if (fault) return { reason: fault.code, message: fault.message };
  const revision = revisionOf(row['revision']);
  if (revision === null)
    return {
      reason: 'revision-invalid',
      message: `revision ${String(row['revision'])}, expected a whole number from 1`,
    };
  return revision === undefined ? bar : { ...bar, revision };
}

export function isFault(result: FeedBar | RowFault): result is RowFault {
  return 'reason' in result;
}

/** Undefined when the row is no correction: without the column, or with an empty cell or a zero in it. Null: no revision. */
function revisionOf(value: unknown): number | undefined | null {
  const revision = value === undefined || value === null || value === '' ? 0 : number(value);
  if (revision === 0) return undefined;
  return Number.isSafeInteger(revision) && revision > 0 ? revision : null;
}

/** An empty cell is not a zero. */
function number(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
