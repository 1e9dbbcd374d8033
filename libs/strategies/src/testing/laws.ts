import fc from 'fast-check';
import type { IndicatorCatalog } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { StrategyDefinition, StrategyInstance } from '../definition';
import { generateMarket, MARKETS } from './markets';
import { createStrategyRun, instantiate, runStrategies, type Fired, type StrategyRun } from './run-strategies';

export interface StrategyContractOptions {
  /** Parameters to test with, beside the defaults. */
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Where its indicators are found; the built-in ones by default. */
  readonly catalog?: IndicatorCatalog;
  /** False where sells do not mirror buys. True by default. */
  readonly symmetric?: boolean;
}

/** One law of a strategy. `check` throws (a failed expectation of Jest) when it is broken. */
export interface Law {
  readonly name: string;
  check(): void;
}

/** Bars per market; long enough for a warm-up of 200 and several hundred more. */
export const BARS = 1_000;

/** A strategy under test and the seeded markets that it is tested on. */
export interface Subject {
  readonly definition: StrategyDefinition;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly markets: readonly (readonly Bar[])[];
  /** With a least confidence of 0: the laws hold for every candidate. */
  readonly open: StrategyInstance;
  run(bars: readonly Bar[], instance?: StrategyInstance): Fired[];
  start(): StrategyRun;
}

export function createSubject(definition: StrategyDefinition, options: StrategyContractOptions): Subject {
  const { parameters = {}, catalog } = options;
  const open = instantiate(definition, { ...parameters, min_confidence: 0 });
  return {
    definition,
    parameters,
    open,
    markets: MARKETS.map((market, seed) =>
      generateMarket(market, { bars: BARS, seed: seed + 1, sigma: 0.01 }).map((bar) => Object.freeze(bar)),
    ),
    run: (bars, instance = open) => runStrategies([instance], bars, catalog),
    start: () => createStrategyRun([open], catalog),
  };
}

/** Checks a property of a bar at a dozen seeded places. */
export function atSomeBars(check: (cut: number) => void): void {
  fc.assert(
    fc.property(fc.nat({ max: BARS }), (cut) => check(cut)),
    { numRuns: 12, seed: 1 },
  );
}

/** What of a decision must not change with the currency. */
export function placeOf({ at, side }: Fired): { at: number; side: string } {
  return { at, side };
}
