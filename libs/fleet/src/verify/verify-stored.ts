import type { CalculationEvent, Signal } from '@wagehood/contracts';
import { signalsKept } from '@wagehood/streams';
import type { System } from '../system/system';
import { firstDifference } from './first-difference';

const EVERYTHING = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, limit: Number.MAX_SAFE_INTEGER };

/** What is stored beside the streams must say of a partition. */
export interface StoredDue {
  /** The newest final event of each series. */
  readonly latest: ReadonlyMap<string, CalculationEvent>;
  /** Rows of history per series, of those that are to be looked at. */
  readonly rows: ReadonlyMap<string, readonly Float64Array[]>;
  /** The newest signals per symbol. */
  readonly signals: ReadonlyMap<string, readonly Signal[]>;
}

/** Signals that are kept per symbol at most. */
export const SIGNALS_KEPT = signalsKept(1);

/** History, latest values and lists of signals must say the same as the streams. @throws Error with the first difference */
export async function verifyStored(system: Pick<System, 'reader'>, due: StoredDue, historyRows = 4_000): Promise<void> {
  for (const [series, expected] of due.rows) {
    const difference = compareRows(series, await storedRows(system, series), expected, historyRows);
    if (difference) throw new Error(difference);
  }
  await verifyLatest(system, due.latest);
  for (const [symbol, expected] of due.signals) {
    const stored = (await system.reader.signals(symbol, SIGNALS_KEPT)).map((json) => JSON.parse(json) as unknown);
    const kept = Math.max(stored.length, signalsKept(due.latest.size)); // a list that had more is cut when the next one comes
    const difference = firstDifference(`list of signals of ${symbol}`, stored, expected.slice(-kept));
    if (difference) throw new Error(difference);
  }
}

async function verifyLatest(
  { reader }: Pick<System, 'reader'>,
  newest: ReadonlyMap<string, CalculationEvent>,
): Promise<void> {
  const stored = await reader.latest([...newest.keys()]);
  for (const [series, event] of newest) {
    const json = stored.get(series);
    const difference = firstDifference(`latest of ${series}`, [json ? JSON.parse(json) : null], [event]);
    if (difference) throw new Error(difference);
  }
}

/** All rows of a series: those in chunks, then those that are still in the stream alone. */
export async function storedRows({ reader }: Pick<System, 'reader'>, series: string): Promise<Float64Array[]> {
  const found = await reader.history(series, EVERYTHING);
  if (!found) return [];
  const tail = (found.tail as unknown as CalculationEvent[]).map(({ values, ...bar }) => {
    const numbers = Object.values(values).flatMap((value) => (isRecord(value) ? Object.values(value) : [value]));
    const row = [bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume, ...numbers.map((n) => n ?? NaN)];
    return Float64Array.from(row);
  });
  return [...found.pages.flatMap(({ rows }) => rows), ...tail];
}

/** History is bounded: its rows must be the newest of what is expected, and at least so many. */
export function compareRows(
  series: string,
  stored: readonly Float64Array[],
  expected: readonly Float64Array[],
  atLeast = 4_000,
): string | null {
  if (stored.length > expected.length || stored.length < Math.min(expected.length, atLeast)) {
    return `history of ${series} has ${stored.length} rows, expected ${expected.length}`;
  }
  const due = expected.slice(-stored.length);
  for (const [i, row] of stored.entries()) {
    const at = row.findIndex((value, k) => !sameNumber(value, due[i]?.[k]));
    if (at >= 0 || row.length !== due[i]?.length) {
      return `history of ${series}, row ${i}, column ${at}: is ${row.join()}, expected ${due[i]?.join()}`;
    }
  }
  return null;
}

/** The same bits, but for −0, which the tail has lost in JSON. */
const sameNumber = (a: number, b: number | undefined): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

const isRecord = (value: unknown): value is Readonly<Record<string, number | null>> =>
  typeof value === 'object' && value !== null;
