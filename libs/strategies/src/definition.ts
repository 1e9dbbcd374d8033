import type { Params, ParamSpecs } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { Measure } from './measures/measure';

export type Side = 'buy' | 'sell';

/** One row of a strategy's table of factors. Data: confidence is computed from it and the docs are written from it. */
export interface Factor {
  /** Lower case with underscores; the key under which its value is returned. */
  readonly name: string;
  /** How the value comes about, for people. It must not depend on the currency. */
  readonly formula: string;
  /** Share in the weighted mean, relative to the other weights. Positive. */
  readonly weight: number;
}

/** An indicator that must be among the enabled ones. Parameters that are not named may have any value. */
export interface IndicatorNeed {
  readonly indicator: string;
  readonly params: Params;
}

/**
 * What a step answers on the bar on which its condition *becomes* true. Every factor of the table has a value, clamped to
 * [0, 1] by the engine, or is `null`: left out, and the weights of the others count alone.
 */
export interface Candidate {
  readonly side: Side;
  readonly factors: Readonly<Record<string, number | null>>;
}

/** A candidate that was weighed: the weighted mean of its factors, and the factors that were not left out. */
export interface Decision {
  readonly side: Side;
  /** 0 … 1. */
  readonly confidence: number;
  readonly factors: Readonly<Record<string, number>>;
}

/**
 * One final bar of one series. Reads and writes its own slots `state[at … at + slots)`, all 0 when the series starts; keeps
 * nothing else. `inputs` are all finite: the outputs of the needs in their order, then those of the measures. A bar on which
 * one of them has no value is not shown to the strategy.
 */
export type StrategyStep = (state: Float64Array, at: number, bar: Bar, inputs: Float64Array) => Candidate | null;

/** A frozen definition over plain state. `defineStrategy` makes one. */
export interface StrategyDefinition {
  /** Lower case with underscores, the name in the settings: `ma_crossover_strategy`. */
  readonly id: string;
  readonly title: string;
  /** The condition in a sentence or two, for the docs. */
  readonly rule: string;
  /** Raised whenever the meaning of the slots or of the numbers changes: older snapshots are then not loaded. */
  readonly revision?: number;
  /** Has `min_confidence` among them. */
  readonly params: ParamSpecs;
  readonly factors: readonly Factor[];
  /** A fault that spans several parameters, or null. */
  check?(params: Params): string | null;
  /** Indicators to read, as enabled in the settings. */
  needs(params: Params): readonly IndicatorNeed[];
  /** Figures of its own that are no indicator of the settings; equal ones are computed once for all strategies. */
  measures?(params: Params): readonly Measure[];
  /** Number of bars with all inputs until the first that may decide; 1 = at once. */
  warmup(params: Params): number;
  /** Float64 slots of state per series. */
  slots(params: Params): number;
  /** Binds the parameters once: the constants live in the closure, the state never does. */
  compile(params: Params): StrategyStep;
  /** `step` cannot throw: the engine then needs no copy of its state. */
  readonly total?: true;
}

/** One entry of the settings: a definition with checked parameters. The name is the id of the definition. */
export interface StrategyInstance {
  readonly name: string;
  readonly definition: StrategyDefinition;
  readonly params: Params;
}
