import type { Bar } from '@wagehood/market';

/**
 * A figure that strategies embed, such as the ATR that scales their factors. Measures with the same key are one: a plan
 * computes each once per bar, however many strategies read it.
 */
export interface Measure {
  /** Names the figure with its parameters: `atr_14`. Also what says whether a snapshot still fits. */
  readonly key: string;
  /** How many numbers it writes. */
  readonly outputs: number;
  /** Number of bars until every output has a value. */
  readonly warmup: number;
  /** Float64 slots of state per series. */
  readonly slots: number;
  /**
   * One final bar. Reads and writes `state[at … at + slots)`, all 0 when the series starts, and writes `out[to …]`, NaN where
   * there is no value yet. It must not throw.
   */
  step(state: Float64Array, at: number, bar: Bar, out: Float64Array, to: number): void;
}
