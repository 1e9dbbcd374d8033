import type { Settings } from '@wagehood/config';
import type { CalculationEvent, Signal } from '@wagehood/contracts';
import { validateBar } from '@wagehood/market';
import type { LogEntry } from '@wagehood/streams';
import { Engines } from './engines';
import { controlOf, eventsOf, plausibleBars, timeOf, type PartitionLog } from './read-streams';

/** What the stages must have made of one partition's input, in order. */
export interface Expectation {
  readonly events: readonly CalculationEvent[];
  readonly signals: readonly Signal[];
  /** Rows of history per series. */
  readonly rows: ReadonlyMap<string, readonly Float64Array[]>;
  /** Items of the input that look like bars and are none. */
  readonly refused: number;
}

/**
 * Folds a partition's input log from its first entry. Everything but `emittedAt` follows from the log alone; that one is the
 * time of the entry that carries the event, taken from the events as they were written.
 */
export function expectationOf({ input, events: written }: PartitionLog): Expectation {
  const events: CalculationEvent[] = [];
  const signals: Signal[] = [];
  const rows = new Map<string, Float64Array[]>();
  const emittedAt = emissionTimes(written);
  let engines: Engines | null = null;
  let refused = 0;
  for (const entry of input) {
    const receivedAt = timeOf(entry);
    if (entry.kind === 'control') {
      const settings = settingsIn(entry);
      if (settings && engines) engines.configure(settings);
      else if (settings) engines = new Engines(settings);
      continue;
    }
    if (entry.kind !== 'bar' && entry.kind !== 'forming') continue;
    for (const bar of plausibleBars(entry)) {
      if (validateBar({ ...bar, openTime: bar.timestamp }, bar.timeframe)) {
        refused++;
        continue;
      }
      if (!bar.isFinal) {
        events.push({ ...bar, receivedAt, values: {} });
        continue;
      }
      if (!engines) throw new Error(`entry ${entry.offset}: bars before the first configuration`);
      for (const { event, row, signals: decided } of engines.take(bar)) {
        const at = emittedAt[events.length] ?? 0;
        events.push({ ...event, receivedAt });
        for (const signal of decided) signals.push({ ...signal, emittedAt: at, receivedAt });
        const series = `${event.symbol}|${event.timeframe}`;
        const known = rows.get(series);
        if (known) known.push(row);
        else rows.set(series, [row]);
      }
    }
  }
  return { events, signals, rows, refused };
}

/** Server time of each event's entry, by the number of the event. */
function emissionTimes(written: readonly LogEntry[]): number[] {
  return written.filter(({ kind }) => kind === 'bar').flatMap((entry) => eventsOf(entry).map(() => timeOf(entry)));
}

/** Null: the entry is poison. */
function settingsIn(entry: LogEntry): Settings | null {
  const document = controlOf(entry);
  return document.settings ?? null;
}
