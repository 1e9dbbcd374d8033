import type { StageTuning } from './stage-options';

/** How things stand: more input is on its way, the process has nothing else to do, or all must be written before it is given away. */
export type Occasion = 'busy' | 'quiet' | 'leaving';

/** A busy partition writes at most a latest value in so long, saves at most a state in so long and for so many bars. */
const [MS_PER_LATEST, MS_PER_STATE, BARS_PER_STATE] = [5, 12, 16];
/** Spreads partitions evenly over any span of time. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * When a partition writes its latest values and saves its states. While many series are busy both wait longer, so that they cost the
 * same for each bar however many series there are; a quiet moment brings up what has waited. Times are monotonic ms.
 */
export class CommitPace {
  #latestAtMs = 0;
  #savedBars = 0;
  #entriesSinceSave = 0;

  constructor(
    private readonly tuning: StageTuning,
    private readonly partition: number,
    private savedAtMs: number,
  ) {}

  /** @param series with a latest value that has not been written */
  latestDue(occasion: Occasion, nowMs: number, series: number): boolean {
    if (series === 0 || occasion === 'leaving') return series > 0;
    const patienceMs = occasion === 'busy' ? Math.min(this.tuning.latestWithinMs, MS_PER_LATEST * series) : 0;
    return this.#strikes(this.#latestAtMs, nowMs, Math.max(this.tuning.latestEveryMs, patienceMs));
  }

  noteLatest(nowMs: number): void {
    this.#latestAtMs = nowMs;
  }

  /** @param states that are not saved; `bars` come before and with the last one that was folded */
  saveDue(occasion: Occasion, nowMs: number, states: number, bars: number): boolean {
    if (states === 0) return false;
    const { snapshotEveryMs, snapshotWithinMs, snapshotEveryEntries, snapshotEveryBars } = this.tuning;
    const patienceMs = occasion === 'busy' ? Math.min(snapshotWithinMs, MS_PER_STATE * states) : 0;
    return (
      this.#strikes(this.savedAtMs, nowMs, Math.max(snapshotEveryMs, patienceMs)) ||
      this.#entriesSinceSave >= snapshotEveryEntries ||
      bars - this.#savedBars >= Math.max(snapshotEveryBars, BARS_PER_STATE * states)
    );
  }

  noteEntries(entries: number): void {
    this.#entriesSinceSave += entries;
  }

  noteSave(nowMs: number, bars: number): void {
    this.savedAtMs = nowMs;
    this.#savedBars = bars;
    this.#entriesSinceSave = 0;
  }

  sinceSaveMs(nowMs: number): number {
    return nowMs - this.savedAtMs;
  }

  /** Whether the clock of this partition has struck between; each has its own, or all would write their states at once. */
  #strikes(sinceMs: number, nowMs: number, everyMs: number): boolean {
    const phase = this.partition * GOLDEN;
    return nowMs - sinceMs >= everyMs || Math.floor(nowMs / everyMs + phase) > Math.floor(sinceMs / everyMs + phase);
  }
}
