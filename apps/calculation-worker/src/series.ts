import type { BuilderState } from '@wagehood/market';
import { barBuilder, type Bar, type BarBuilder, type Timeframe } from '@wagehood/market';
import { migrateState, type IndicatorEngine } from '@wagehood/indicators';

/** One series inside an engine: where its state is, and the row of values of its last bar. */
export class Series {
  readonly handle: number;

  constructor(
    readonly symbol: string,
    readonly timeframe: Timeframe,
    readonly engine: IndicatorEngine,
    saved?: Uint8Array,
  ) {
    this.handle = engine.add();
    if (saved) engine.load(this.handle, saved);
  }

  /** The same series in another engine, with the state that both plans share. */
  moveTo(engine: IndicatorEngine): Series {
    const moved = migrateState(this.engine.plan, this.engine.save(this.handle), engine.plan);
    this.engine.remove(this.handle);
    return new Series(this.symbol, this.timeframe, engine, moved);
  }
}

/** A larger timeframe that is built from the feed's bars. */
export interface LargerSeries {
  readonly series: Series;
  readonly builder: BarBuilder;
  readonly state: BuilderState;
}

/** Feeds one source bar; returns the larger bars that are final now, in order. */
export function growLarger(
  { builder, state }: Pick<LargerSeries, 'builder' | 'state'>,
  bar: Bar,
  sourceMs: number,
): Bar[] {
  const done: Bar[] = [];
  const first = builder.step(state, bar, sourceMs);
  if (first) done.push(first);
  const second = builder.next(state);
  if (second) done.push(second);
  return done;
}

export function largerSeries(symbol: string, timeframe: Timeframe, engine: IndicatorEngine): LargerSeries {
  const builder = barBuilder(timeframe);
  return { series: new Series(symbol, timeframe, engine), builder, state: builder.init() };
}
