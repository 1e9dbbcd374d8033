import type { StrategyDefinition } from '../definition';
import { generateMarket, MARKETS, type Market } from './markets';
import { instantiate, runStrategies, type Fired } from './run-strategies';

/** Standard deviations of the return of one bar that are calibrated on. */
export const SIGMAS = [0.002, 0.01] as const;
/** Bars per market. */
export const CALIBRATION_BARS = 10_000;
/** Share of the bars that fire, least and most, as shares (0.05 = 5 %). */
export const BANDS: Readonly<Record<string, readonly [number, number]>> = {
  macd_rsi_strategy: [0.0005, 0.05],
  ma_crossover_strategy: [0.0001, 0.01],
  rsi_trend_strategy: [0.0005, 0.05],
  bollinger_breakout_strategy: [0.0005, 0.05],
  sr_breakout_strategy: [0.0005, 0.05],
};

/** How often one strategy fires on one market, and what it would say without a least confidence. */
export interface Calibration {
  readonly definition: StrategyDefinition;
  readonly market: Market;
  readonly sigma: number;
  /** Share of the bars on which the condition became true. */
  readonly candidates: number;
  /** Share of the bars that fire with the default of `min_confidence`. */
  readonly share: number;
  /** Confidence of every candidate. */
  readonly confidences: readonly number[];
}

/** Runs all strategies over every market and sigma; a few seconds. */
export function calibrate(definitions: readonly StrategyDefinition[], seed = 1): Calibration[] {
  const open = definitions.map((definition) => instantiate(definition, { min_confidence: 0 }));
  return MARKETS.flatMap((market) =>
    SIGMAS.flatMap((sigma) => {
      const fired = runStrategies(open, generateMarket(market, { bars: CALIBRATION_BARS, seed, sigma }));
      return definitions.map((definition) => summarise(definition, market, sigma, fired));
    }),
  );
}

/** The confidence in the middle of all candidates of a strategy: what `min_confidence` is set to, in steps of 0.05. */
export function medianConfidence(rows: readonly Calibration[]): number {
  const all = rows.flatMap(({ confidences }) => confidences).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] as number;
}

/** The default of `min_confidence`. */
export function leastConfidence({ params }: StrategyDefinition): number {
  return Number(params['min_confidence']?.default);
}

function summarise(
  definition: StrategyDefinition,
  market: Market,
  sigma: number,
  fired: readonly Fired[],
): Calibration {
  const confidences = fired.filter(({ strategy }) => strategy === definition.id).map(({ confidence }) => confidence);
  const least = leastConfidence(definition);
  return {
    definition,
    market,
    sigma,
    candidates: confidences.length / CALIBRATION_BARS,
    share: confidences.filter((confidence) => confidence >= least).length / CALIBRATION_BARS,
    confidences,
  };
}
