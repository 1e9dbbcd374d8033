import type { IndicatorEngine } from '@wagehood/indicators';
import { openTimeOf, timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import { growLarger, type LargerSeries, type Series } from './series';

/** Bars with the values that every indicator of the plan has on them, and the state behind the last. */
export interface FoldedPast {
  readonly state: Uint8Array;
  readonly values: readonly Float64Array[];
}

/** Folds bars through a series that begins with the first of them. */
export function foldPast(engine: IndicatorEngine, bars: readonly Bar[]): FoldedPast {
  const scratch = engine.add();
  try {
    const values = bars.map((bar) => {
      const row = new Float64Array(engine.plan.columns.length);
      engine.step(scratch, bar, row); // what throws keeps its state and has no value, as it would have then
      return row;
    });
    return { state: engine.save(scratch), values };
  } finally {
    engine.remove(scratch);
  }
}

/** Larger bars of the past, and the builder with the one that is still open. */
export interface GrownPast {
  readonly bars: readonly Bar[];
  readonly state: LargerSeries['state'];
}

/**
 * The larger bars of the past and the one that is still open; one of which the past lacks the beginning is passed over.
 * Null when the past is too short to hold a whole one.
 */
export function growPast({ builder }: LargerSeries, source: Series, bars: readonly Bar[]): GrownPast | null {
  const first = firstWhole(bars, builder.timeframe);
  return first < 0 ? null : growFrom(builder, source, bars.slice(first));
}

/** The same of a past that is as old as the series: its first larger bar may have begun before. */
export const growAll = ({ builder }: LargerSeries, source: Series, bars: readonly Bar[]): GrownPast =>
  growFrom(builder, source, bars);

function growFrom(builder: LargerSeries['builder'], source: Series, bars: readonly Bar[]): GrownPast {
  const state = builder.init();
  const sourceMs = timeframeMs(source.timeframe);
  return { bars: bars.flatMap((bar) => growLarger({ builder, state }, bar, sourceMs)), state };
}

/** Where the first larger bar begins that the past has from its beginning, −1 if there is none. */
function firstWhole(bars: readonly Bar[], timeframe: Timeframe): number {
  const begins = openTimeOf((bars[0] as Bar).openTime, timeframe);
  if ((bars[0] as Bar).openTime === begins) return 0;
  return bars.findIndex(({ openTime }) => openTimeOf(openTime, timeframe) !== begins);
}
