import type { BarEvent } from '@wagehood/contracts';
import { timeframeMs } from '@wagehood/market';
import type { LogEntry } from '@wagehood/streams';
import { correctionOf, plausibleBars, warmupOf } from './read-streams';

/** Every series of the feeds begins somewhere and goes on from bar to bar: none is missing, none comes twice. */
export class InputCheck {
  /** Final bars per series. */
  readonly counts = new Map<string, number>();
  readonly #last = new Map<string, number>();
  /** Version under which a series was last shown its past. */
  readonly #shown = new Map<string, number>();
  /** Series → time → the highest revision that a correction has brought. */
  readonly #revisions = new Map<string, Map<number, number>>();
  pasts = 0;
  corrections = 0;

  /** `scarred`: series that a test has damaged itself. */
  constructor(
    private readonly partition: number,
    private readonly scarred: readonly string[],
  ) {}

  /** Goes on where another check has stopped, as far as this series is concerned. */
  inherit(from: InputCheck, series: string): void {
    const [count, last] = [from.counts.get(series), from.#last.get(series)];
    if (count === undefined || last === undefined) return;
    this.counts.set(series, count);
    this.#last.set(series, last);
  }

  /** @throws Error that names the bar that does not follow, or the gap */
  take(entry: LogEntry): void {
    if (entry.kind === 'gap') throw new Error(`partition ${this.partition}: gap ${entry.data}`);
    if (entry.kind === 'warmup') this.#takePast(entry);
    if (entry.kind === 'correction') this.#takeCorrection(entry);
    if (entry.kind !== 'bar') return;
    for (const bar of plausibleBars(entry)) {
      const key = `${bar.symbol}|${bar.timeframe}`;
      if (!this.scarred.includes(key) && !follows(bar, this.#last.get(key))) {
        throw new Error(`${key}: bar ${bar.timestamp} follows ${this.#last.get(key)} (entry ${entry.offset})`);
      }
      this.#last.set(key, bar.timestamp);
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
  }

  /** A corrected series is whole, ends where it stands, and has something in it that is newer than what was there. */
  #takeCorrection(entry: LogEntry): void {
    const { symbol, timeframe, bars, revisions } = correctionOf(entry);
    const key = `${symbol}|${timeframe}`;
    this.#expectWhole(key, bars, entry);
    const known = this.#revisions.get(key) ?? new Map<number, number>();
    this.#revisions.set(key, known);
    if (revisions.every(({ timestamp, revision }) => revision <= (known.get(timestamp) ?? 0)))
      throw new Error(`${key}: the correction of entry ${entry.offset} is not newer: ${JSON.stringify(revisions)}`);
    for (const { timestamp, revision } of revisions)
      known.set(timestamp, Math.max(revision, known.get(timestamp) ?? 0));
    this.corrections++;
  }

  #expectWhole(key: string, bars: readonly BarEvent[], { offset }: LogEntry): void {
    const broken = bars.find((bar, i) => i > 0 && !follows(bar, bars[i - 1]?.timestamp));
    if (broken) throw new Error(`${key}: the past of entry ${offset} is broken at ${broken.timestamp}`);
    const [end, last] = [bars.at(-1)?.timestamp, this.#last.get(key)];
    if (end !== last) throw new Error(`${key}: the past of entry ${offset} ends at ${end}, the series at ${last}`);
  }

  /** A past is whole, ends where the series stands, and comes once under each configuration. */
  #takePast(entry: LogEntry): void {
    const { symbol, timeframe, version, bars } = warmupOf(entry);
    const key = `${symbol}|${timeframe}`;
    this.#expectWhole(key, bars, entry);
    if ((this.#shown.get(key) ?? 0) >= version) throw new Error(`${key}: version ${version} brought its past twice`);
    this.#shown.set(key, version);
    this.pasts++;
  }
}

/** Daily bars leave out weekends and holidays; the others of these tests leave out nothing. */
function follows({ timestamp, timeframe }: BarEvent, before: number | undefined): boolean {
  if (before === undefined) return true;
  return timeframe === '1d' ? timestamp > before : timestamp === before + timeframeMs(timeframe);
}
