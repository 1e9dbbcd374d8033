import type { BarEvent, Signal } from '@wagehood/contracts';
import { settingsSchema, type SettingsInput } from '@wagehood/config';
import { parseSeriesKey, timeframeMs, type Timeframe } from '@wagehood/market';
import type { System } from '../system/system';
import { Engines, type ExpectedSignal } from './engines';
import { firstDifference } from './first-difference';
import { compareRows, storedRows } from './verify-stored';

/**
 * For streams that have been trimmed: the stored history of a feed must be whole, and must be what the engines make of the bars
 * in it, together with that of its larger timeframes and its signals. Needs history that reaches back to the first bar of the series.
 * `decided`: signals too; those of a series that was corrected stay as they were decided.
 * @returns rows of the feed
 */
export async function verifyHistory(
  system: System,
  series: string,
  settings: SettingsInput,
  decided = true,
): Promise<number> {
  const stored = await storedRows(system, series);
  const engines = new Engines(settingsSchema.parse(settings));
  const rows = new Map<Timeframe, Float64Array[]>();
  const signals: ExpectedSignal[] = [];
  const { symbol, timeframe } = parseSeriesKey(series);
  for (const [i, row] of stored.entries()) {
    const [timestamp = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = row;
    const before = stored[i - 1]?.[0];
    if (before !== undefined && timestamp !== before + timeframeMs(timeframe)) {
      throw new Error(`history of ${series}: bar ${timestamp} follows ${before}`);
    }
    const bar: BarEvent = {
      ...{ symbol, timeframe, timestamp, open, high, low, close, volume },
      ...{ price: close, source: 'mock', isFinal: true },
    };
    for (const computed of engines.take(bar)) {
      const known = rows.get(computed.event.timeframe) ?? [];
      rows.set(computed.event.timeframe, known);
      known.push(computed.row);
      signals.push(...computed.signals);
    }
  }
  let difference = decided ? await compareSignals(system, symbol, signals) : null;
  for (const [of, due] of rows) {
    const key = `${symbol}|${of}`;
    difference ??= compareRows(key, of === timeframe ? stored : await storedRows(system, key), due);
  }
  if (difference) throw new Error(difference);
  return stored.length;
}

/** What only the entries of the streams could tell. */
const FROM_THE_STREAM = ['emittedAt', 'receivedAt', 'backfilled'];

async function compareSignals({ reader }: System, symbol: string, expected: readonly ExpectedSignal[]) {
  const stored = (await reader.signals(symbol, 1_000)).map((json) => {
    const fields = Object.entries(JSON.parse(json) as Signal);
    return Object.fromEntries(fields.filter(([name]) => !FROM_THE_STREAM.includes(name)));
  });
  return firstDifference(`signals of ${symbol}`, stored, expected.slice(-1_000));
}
