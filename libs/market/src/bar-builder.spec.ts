import fc from 'fast-check';
import type { Bar } from './bar';
import { barBuilder, type BuilderState } from './bar-builder';
import { openTimeOf, timeframeMs, TIMEFRAMES, type Timeframe } from './timeframe';

const START = Date.parse('2026-11-16T00:00:00Z');
const bar = (openTime: number, close: number, volume = 1): Bar => ({
  openTime,
  open: close - 1,
  high: close + 2,
  low: close - 3,
  close,
  volume,
});

/** All larger bars that come out, `next` included; the state goes through JSON before every bar. */
function build(timeframe: Timeframe, source: Timeframe, bars: readonly Bar[]): Bar[] {
  const builder = barBuilder(timeframe);
  let state: BuilderState = builder.init();
  return bars.flatMap((one) => {
    state = JSON.parse(JSON.stringify(state)) as BuilderState;
    const done: Bar[] = [];
    for (let out = builder.step(state, one, timeframeMs(source)); out !== null; out = builder.next(state))
      done.push(out);
    return done;
  });
}

/** What larger bars are, said plainly. */
function expected(timeframe: Timeframe, bars: readonly Bar[]): Bar[] {
  const groups = new Map<number, Bar[]>();
  for (const one of bars) {
    const openTime = openTimeOf(one.openTime, timeframe);
    groups.set(openTime, [...(groups.get(openTime) ?? []), one]);
  }
  return [...groups].map(([openTime, group]) => ({
    openTime,
    open: group[0]?.open as number,
    high: Math.max(...group.map(({ high }) => high)),
    low: Math.min(...group.map(({ low }) => low)),
    close: group.at(-1)?.close as number,
    volume: group.reduce((sum, { volume }) => sum + volume, 0),
  }));
}

describe('the bar builder', () => {
  it('completes a larger bar with its last source bar', () => {
    const minutes = Array.from({ length: 10 }, (_, i) => bar(START + i * 60_000, 100 + i, i));
    expect(build('5m', '1m', minutes.slice(0, 4))).toEqual([]);
    expect(build('5m', '1m', minutes)).toEqual([
      { openTime: START, open: 99, high: 106, low: 97, close: 104, volume: 10 },
      { openTime: START + 300_000, open: 104, high: 111, low: 102, close: 109, volume: 35 },
    ]);
  });

  it('completes a broken larger bar when a later one begins', () => {
    const bars = [bar(START, 100), bar(START + 60_000, 101), bar(START + 360_000, 105)];
    expect(build('5m', '1m', bars)).toEqual([{ openTime: START, open: 99, high: 103, low: 97, close: 101, volume: 2 }]);
  });

  it('gives both bars that one source bar ends after a gap', () => {
    const bars = [bar(START, 100), bar(START + 9 * 60_000, 105)];
    expect(build('5m', '1m', bars).map(({ openTime }) => openTime - START)).toEqual([0, 300_000]);
  });

  it('loses neither when only step is called', () => {
    const builder = barBuilder('5m');
    const state = builder.init();
    const opens = [bar(START, 100), bar(START + 9 * 60_000, 105), bar(START + 10 * 60_000, 106)].map(
      (one) => builder.step(state, one, 60_000)?.openTime,
    );
    expect(opens).toEqual([undefined, START, START + 300_000]);
  });

  it('passes bars of its own timeframe through', () => {
    const bars = [bar(START, 100), bar(START + 60_000, 101), bar(START + 180_000, 102)];
    expect(build('1m', '1m', bars)).toEqual(bars);
  });

  it('makes of any bars what grouping them makes, save the last one that still grows', () => {
    const pairs = fc
      .tuple(fc.constantFrom(...TIMEFRAMES), fc.constantFrom(...TIMEFRAMES))
      .filter(([small, large]) => timeframeMs(small) <= timeframeMs(large));
    const steps = fc.array(
      fc.record({
        skip: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
        close: fc.integer({ min: 10, max: 99 }),
      }),
      {
        minLength: 1,
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(pairs, steps, ([small, large], walk) => {
        let time = START;
        const bars = walk.map(({ skip, close }) => bar((time += skip * timeframeMs(small)), close, close / 8));
        const last = bars.at(-1) as Bar;
        const whole = expected(large, bars);
        const ended = last.openTime + timeframeMs(small) >= (whole.at(-1)?.openTime as number) + timeframeMs(large);
        expect(build(large, small, bars)).toEqual(ended ? whole : whole.slice(0, -1));
      }),
    );
  });
});
