import { BARS_PER_STATE } from '../layout/limits';
import type { StageTuning } from './stage-options';

/** How things stand: more input is on its way, the process has nothing else to do, or all must be written before it is given away. */
export type Occasion = 'busy' | 'quiet' | 'leaving';

/** A busy partition writes at most a latest value in so long, and saves at most a state in so long and for `BARS_PER_STATE`. */
const [MS_PER_LATEST, MS_PER_STATE] = [5, 12];
/** States that a busy partition saves beside its bars: few enough that nobody waits for them. */
const STATES_AT_ONCE = 32;
/** Spreads partitions evenly over any span of time. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * When a partition writes its latest values and saves its states. While many series are busy both wait longer, so that they cost the
 * same for each bar however many series there are; a quiet moment brings up what has waited. A round of saves is spread over the time that
 * states may wait, a few beside each other. Times are monotonic ms.
 */
export class CommitPace {
  #latestAtMs = 0;
  /** How many latest values were written then. */
  #latestSeries = 0;
  #savedBars = 0;
  #entriesSinceSave = 0;
  /** States of the round of saves that is under way, and how many of them are not saved yet. */
  #round = 0;
  #left = 0;

  constructor(
    private readonly tuning: StageTuning,
    private readonly partition: number,
    private savedAtMs: number,
  ) {}

  /**
   * As many as last time are expected: with a patience that grows with what has come so far the clock would run backwards.
   * @param series with a latest value that has not been written
   */
  latestDue(occasion: Occasion, nowMs: number, series: number): boolean {
    if (series === 0 || occasion === 'leaving') return series > 0;
    const expected = Math.max(series, this.#latestSeries);
    const patienceMs = occasion === 'busy' ? Math.min(this.tuning.latestWithinMs, MS_PER_LATEST * expected) : 0;
    return this.#strikes(this.#latestAtMs, nowMs, Math.max(this.tuning.latestEveryMs, patienceMs));
  }

  noteLatest(nowMs: number, series: number): void {
    this.#latestAtMs = nowMs;
    this.#latestSeries = series;
  }

  /**
   * How many states to save now.
   * @param states that are not saved; `bars` come before and with the last one that was folded
   */
  statesDue(occasion: Occasion, nowMs: number, states: number, bars: number): number {
    if (states === 0 || occasion === 'leaving') return states;
    const { snapshotEveryMs, snapshotWithinMs, snapshotEveryEntries, snapshotEveryBars } = this.tuning;
    const busy = occasion === 'busy';
    const round = busy ? Math.max(this.#round, states) : states;
    const atOnce = busy ? Math.min(states, STATES_AT_ONCE) : states;
    const everyMs = Math.max(snapshotEveryMs, busy ? Math.min(snapshotWithinMs, MS_PER_STATE * round) : 0);
    const everyBars = Math.max(snapshotEveryBars, BARS_PER_STATE * round);
    const [newBars, passedMs] = [bars - this.#savedBars, nowMs - this.savedAtMs];
    // Where bars come so fast that they are what it is saved for, the clock would only save more.
    const bulk = newBars * everyMs > everyBars * passedMs;
    if (!bulk && this.#strikes(this.savedAtMs, nowMs, (everyMs * atOnce) / round)) return atOnce;
    const rounds = Math.max(this.#entriesSinceSave / snapshotEveryEntries, newBars / everyBars);
    const due = Math.floor(rounds * round);
    return due < atOnce ? 0 : Math.min(states, due);
  }

  noteEntries(entries: number): void {
    this.#entriesSinceSave += entries;
  }

  /** @param saved of so many `states` */
  noteSave(nowMs: number, bars: number, saved: number, states: number): void {
    this.savedAtMs = nowMs;
    this.#savedBars = bars;
    this.#entriesSinceSave = 0;
    const begun = this.#left > 0;
    this.#round = begun ? Math.max(this.#round, states) : states;
    this.#left = (begun ? this.#left : states) - saved;
    if (this.#left <= 0) this.#round = 0;
  }

  /** Whether the clock of this partition has struck between; each has its own, or all would write their states at once. */
  #strikes(sinceMs: number, nowMs: number, everyMs: number): boolean {
    const phase = this.partition * GOLDEN;
    return nowMs - sinceMs >= everyMs || Math.floor(nowMs / everyMs + phase) > Math.floor(sinceMs / everyMs + phase);
  }
}
