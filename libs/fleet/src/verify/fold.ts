import type { Settings } from '@wagehood/config';
import type { BarEvent, CalculationEvent, CorrectionEvents, Signal, WarmupEvents } from '@wagehood/contracts';
import { validateBar } from '@wagehood/market';
import type { LogEntry } from '@wagehood/streams';
import { Engines } from './engines';
import { controlOf, correctionOf, plausibleBars, timeOf, warmupOf } from './read-streams';

/** What the stages must make of one bar of the input. `emittedAt` is the time of the entry that carries the event. */
export interface Due {
  readonly event: CalculationEvent;
  readonly signals: readonly Omit<Signal, 'emittedAt'>[];
  /** Row of history; null for a forming bar. */
  readonly row: Float64Array | null;
}

/** What the stages must make of a correction, and the rows of history that it changes. */
export interface DueCorrection {
  readonly said: CorrectionEvents;
  readonly rows: readonly Float64Array[];
}

/** Folds one partition's input log, entry by entry from the first, with the engines of the core and no code of the workers. */
export class Fold {
  /** Items of the input that look like bars and are none. */
  refused = 0;
  #engines: Engines | null = null;

  /** `refuses`: bars that a test has made impossible to compute. */
  constructor(private readonly refuses: (bar: BarEvent) => boolean = () => false) {}

  take(entry: LogEntry): Due[] {
    if (entry.kind === 'control') this.#configure(entry);
    if (entry.kind !== 'bar' && entry.kind !== 'forming') return [];
    const receivedAt = timeOf(entry);
    const due: Due[] = [];
    for (const bar of plausibleBars(entry)) {
      if (this.refuses(bar) || validateBar({ ...bar, openTime: bar.timestamp }, bar.timeframe)) this.refused++;
      else if (!bar.isFinal) due.push({ event: { ...bar, receivedAt, values: {} }, signals: [], row: null });
      else {
        if (!this.#engines) throw new Error(`entry ${entry.offset}: bars before the first configuration`);
        for (const { event, row, signals } of this.#engines.take(bar)) {
          const decided = signals.map((signal) => ({ ...signal, receivedAt }));
          due.push({ event: { ...event, receivedAt }, row, signals: decided });
        }
      }
    }
    return due;
  }

  /** What strategies are shown of the past that an entry brings, if they are shown it. */
  takePast(entry: LogEntry): WarmupEvents[] {
    if (entry.kind !== 'warmup') return [];
    if (!this.#engines) throw new Error(`entry ${entry.offset}: a past before the first configuration`);
    const receivedAt = timeOf(entry);
    const past = warmupOf(entry);
    return this.#engines.warm(past).map(({ timeframe, whole, events }) => {
      return {
        symbol: past.symbol,
        timeframe,
        whole,
        events: events.map((event) => ({ ...event, receivedAt })),
      };
    });
  }

  /** What an entry corrects, series by series. */
  takeCorrection(entry: LogEntry): DueCorrection[] {
    if (entry.kind !== 'correction') return [];
    if (!this.#engines) throw new Error(`entry ${entry.offset}: a correction before the first configuration`);
    const receivedAt = timeOf(entry);
    const correction = correctionOf(entry);
    return this.#engines.correct(correction).map(({ timeframe, from, events, rows }) => {
      const shown = events.map((event) => ({ ...event, receivedAt }));
      return { said: { symbol: correction.symbol, timeframe, from, events: shown }, rows };
    });
  }

  #configure(entry: LogEntry): void {
    const settings = settingsIn(entry);
    if (settings && this.#engines) this.#engines.configure(settings);
    else if (settings) this.#engines = new Engines(settings);
  }
}

/** Null: the entry is poison. */
function settingsIn(entry: LogEntry): Settings | null {
  return controlOf(entry).settings ?? null;
}
