import { createCatalog, createEngine, createPlan, resolveIndicator, type IndicatorEngine } from '@wagehood/indicators';
import { barBuilder, timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import { arbBars } from '@wagehood/testing';
import fc from 'fast-check';
import { growLarger, largerSeries, Series } from './series';

const MINUTE = 60_000;

function engineOf(...names: string[]): IndicatorEngine {
  const instances = names.map((name) => {
    const resolved = resolveIndicator(createCatalog(), name, {});
    if (!resolved.ok) throw new Error(resolved.faults.join());
    return resolved.instance;
  });
  return createEngine(createPlan(instances));
}
const valuesOf = ({ engine, handle }: Series, bar: Bar): number[] => {
  const out = new Float64Array(engine.plan.columns.length);
  engine.step(handle, bar, out);
  return [...out];
};
const closing = (close: number): Bar => ({ openTime: 0, open: close, high: close, low: close, close, volume: 1 });

/** Bars of a timeframe as one who has them all at hand would make them: those that are over. */
function grouped(bars: readonly Bar[], timeframe: Timeframe): Bar[] {
  const span = timeframeMs(timeframe);
  const groups = new Map<number, Bar[]>();
  for (const bar of bars) {
    const openTime = Math.floor(bar.openTime / span) * span;
    groups.set(openTime, [...(groups.get(openTime) ?? []), bar]);
  }
  const last = bars.at(-1) as Bar;
  const isOver = ([openTime]: [number, Bar[]]) =>
    last.openTime >= openTime + span || last.openTime + MINUTE >= openTime + span;
  return [...groups].filter(isOver).map(([openTime, members]) => ({
    openTime,
    open: (members[0] as Bar).open,
    high: Math.max(...members.map(({ high }) => high)),
    low: Math.min(...members.map(({ low }) => low)),
    close: (members.at(-1) as Bar).close,
    volume: members.reduce((sum, { volume }) => sum + volume, 0),
  }));
}

describe('larger series', () => {
  it.each(['5m', '15m', '1h'] as const)('of %s are built from every minute, whatever is missing', (timeframe) => {
    fc.assert(
      fc.property(arbBars({ gaps: true, maxLength: 150 }), (bars) => {
        const larger = largerSeries('SPY', timeframe, engineOf('sma_2'));
        const grown = bars.flatMap((bar) => growLarger(larger, bar, MINUTE));
        expect(grown).toEqual(grouped(bars, timeframe));
      }),
    );
  });

  it('give out two bars at once when a gap ends the one and its own last minute the other', () => {
    const larger = largerSeries('SPY', '5m', engineOf('sma_2'));
    const minute = (n: number): Bar => ({ ...closing(n + 1), openTime: n * MINUTE });
    expect(growLarger(larger, minute(0), MINUTE)).toEqual([]);
    expect(growLarger(larger, minute(9), MINUTE).map(({ openTime, close }) => [openTime, close])).toEqual([
      [0, 1],
      [5 * MINUTE, 10],
    ]);
  });

  it('go on from stored state in the middle of a bar', () => {
    const whole = largerSeries('SPY', '5m', engineOf('sma_2'));
    const cut = largerSeries('SPY', '5m', engineOf('sma_2'));
    const minutes = Array.from({ length: 10 }, (_, n) => ({ ...closing(n + 1), openTime: n * MINUTE }));
    const expected = minutes.flatMap((bar) => growLarger(whole, bar, MINUTE));
    const before = minutes.slice(0, 3).flatMap((bar) => growLarger(cut, bar, MINUTE));
    const state = JSON.parse(JSON.stringify(cut.state));
    const resumed = { ...cut, builder: barBuilder('5m'), state };
    const after = minutes.slice(3).flatMap((bar) => growLarger(resumed, bar, MINUTE));
    expect([...before, ...after]).toEqual(expected);
  });
});

describe('a series that moves to another engine', () => {
  it('keeps what both plans compute, starts the rest cold and frees its old place', () => {
    const [from, to] = [engineOf('sma_2', 'ema_3'), engineOf('ema_3', 'sma_4')];
    const series = new Series('SPY', '1m', from);
    const twin = new Series('QQQ', '1m', engineOf('ema_3'));
    for (const close of [1, 2, 3, 4]) [series, twin].forEach((each) => valuesOf(each, closing(close)));
    const moved = series.moveTo(to);
    const [ema, sma] = valuesOf(moved, closing(5));
    expect(ema).toBe(valuesOf(twin, closing(5))[0]);
    expect(sma).toBeNaN();
    expect(new Series('IWM', '1m', from).handle).toBe(series.handle);
  });

  it('refuses state that another plan has saved', () => {
    const [from, to] = [engineOf('sma_2'), engineOf('sma_3')];
    const saved = from.save(new Series('SPY', '1m', from).handle);
    expect(() => new Series('SPY', '1m', to, saved)).toThrow(/saved state is of plan/);
  });
});
