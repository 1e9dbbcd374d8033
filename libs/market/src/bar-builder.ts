import type { Bar } from './bar';
import { openTimeOf, timeframeMs, type Timeframe } from './timeframe';

type Open = { -readonly [K in keyof Bar]: Bar[K] };

/** Plain data, safe to store as JSON at any bar: the larger bar under construction, if any. */
export interface BuilderState {
  open: Open | null;
  /** The open bar has received its last source bar, but an earlier bar took its turn. */
  complete: boolean;
}

/** A reducer from small bars to larger bars of one series. */
export interface BarBuilder {
  readonly timeframe: Timeframe;
  init(): BuilderState;
  /**
   * Takes the next source bar (in order, `sourceMs` long) and returns the larger bar that is final now: because this was
   * its last source bar, or because this one belongs to a later bar (its tail was missing). Null while it still grows.
   */
  step(state: BuilderState, bar: Bar, sourceMs: number): Bar | null;
  /**
   * After a gap one source bar can end two larger bars, the broken one and its own. `step` returns the earlier; `next`
   * returns the other at once. Without this call it is not lost: the following `step` returns it.
   */
  next(state: BuilderState): Bar | null;
}

/** A builder of bars of `timeframe`. Source bars must be shorter or as long, and nest in it. */
export function barBuilder(timeframe: Timeframe): BarBuilder {
  const span = timeframeMs(timeframe);
  return Object.freeze({
    timeframe,
    init: (): BuilderState => ({ open: null, complete: false }),
    step(state: BuilderState, bar: Bar, sourceMs: number): Bar | null {
      const openTime = openTimeOf(bar.openTime, timeframe);
      const broken = state.open !== null && state.open.openTime !== openTime ? take(state) : null;
      absorb(state, bar, openTime);
      state.complete = bar.openTime + sourceMs >= openTime + span;
      return broken ?? next(state);
    },
    next,
  });
}

function absorb(state: BuilderState, bar: Bar, openTime: number): void {
  const open = state.open;
  if (open === null) {
    state.open = { ...plain(bar), openTime };
    return;
  }
  if (bar.high > open.high) open.high = bar.high;
  if (bar.low < open.low) open.low = bar.low;
  open.close = bar.close;
  open.volume += bar.volume;
}

function next(state: BuilderState): Bar | null {
  return state.complete ? take(state) : null;
}

function take(state: BuilderState): Bar | null {
  const done = state.open;
  state.open = null;
  state.complete = false;
  return done;
}

function plain({ openTime, open, high, low, close, volume }: Bar): Open {
  return { openTime, open, high, low, close, volume };
}
