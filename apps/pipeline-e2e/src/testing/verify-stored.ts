import type { CalculationEvent } from '@wagehood/contracts';
import type { Expectation } from './expectation';
import { firstDifference } from './first-difference';
import type { System } from './system';

const EVERYTHING = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, limit: Number.MAX_SAFE_INTEGER };

/** History, latest values and lists of signals must say the same as the streams. */
export async function verifyStored(system: System, { rows, events, signals }: Expectation): Promise<void> {
  for (const [series, expected] of rows) {
    const difference = compareRows(series, await storedRows(system, series), expected);
    if (difference) throw new Error(difference);
  }
  await verifyLatest(system, events);
  const symbols = new Set(signals.map(({ symbol }) => symbol));
  for (const symbol of symbols) {
    const stored = (await system.reader.signals(symbol, 1_000)).map((json) => JSON.parse(json) as unknown);
    const expected = signals.filter((signal) => signal.symbol === symbol).slice(-1_000);
    const difference = firstDifference(`list of signals of ${symbol}`, stored, expected);
    if (difference) throw new Error(difference);
  }
}

async function verifyLatest({ reader }: System, events: readonly CalculationEvent[]): Promise<void> {
  const newest = new Map<string, CalculationEvent>();
  for (const event of events) if (event.isFinal) newest.set(`${event.symbol}|${event.timeframe}`, event);
  const stored = await reader.latest([...newest.keys()]);
  for (const [series, event] of newest) {
    const json = stored.get(series);
    const difference = firstDifference(`latest of ${series}`, [json ? JSON.parse(json) : null], [event]);
    if (difference) throw new Error(difference);
  }
}

/** All rows of a series: those in chunks, then those that are still in the stream alone. */
export async function storedRows({ reader }: System, series: string): Promise<Float64Array[]> {
  const found = await reader.history(series, EVERYTHING);
  if (!found) return [];
  const tail = (found.tail as unknown as CalculationEvent[]).map(({ values, ...bar }) => {
    const numbers = Object.values(values).flatMap((value) => (isRecord(value) ? Object.values(value) : [value]));
    const row = [bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume, ...numbers.map((n) => n ?? NaN)];
    return Float64Array.from(row);
  });
  return [...found.pages.flatMap(({ rows }) => rows), ...tail];
}

/** History is bounded: its rows must be the newest of what is expected. */
export function compareRows(
  series: string,
  stored: readonly Float64Array[],
  expected: readonly Float64Array[],
): string | null {
  if (stored.length > expected.length || stored.length < Math.min(expected.length, 4_000)) {
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
