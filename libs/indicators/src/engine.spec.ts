import type { Bar } from '@wagehood/market';
import { builtinIndicators } from './builtin';
import { defineIndicator } from './define-indicator';
import { createEngine } from './engine';
import { createPlan } from './plan';
import { expectSameBits, fold } from './testing/laws';
import { walk } from './testing/markets';
import { DEFAULT_NAMES, instanceOf, planOf } from './testing/plans';

/** Counts bars in its slot and in its value, and throws on bars without volume after it has spoilt its slot. */
const fragile = defineIndicator({
  id: 'fragile',
  title: 'Throws on bars without volume',
  params: {},
  outputs: ['count', 'twice'],
  scale: 'free',
  warmup: () => 1,
  slots: () => 1,
  compile: () => (state, at, bar, _now, out, to) => {
    const count = (state[at] as number) + 1;
    state[at] = count;
    out[to] = count;
    if (bar.volume === 0) throw new Error('no volume');
    out[to + 1] = 2 * count;
  },
});

const bars = walk(400, 1);
const silent = (at: number) => bars.map((bar, i) => (i === at ? { ...bar, volume: 0 } : bar));

describe('an engine', () => {
  it('gives each instance the values that it has alone', () => {
    const all = createEngine(planOf(...DEFAULT_NAMES));
    const rows = fold(all, all.add(), bars);
    for (const name of DEFAULT_NAMES) {
      const alone = createEngine(planOf(name));
      const from = all.plan.columns.findIndex(({ indicator }) => indicator === name);
      const width = alone.plan.columns.length;
      expectSameBits(
        fold(alone, alone.add(), bars),
        rows.map((row) => row.slice(from, from + width)),
      );
    }
  });

  it('grows beyond its capacity without losing a series', () => {
    const engine = createEngine(planOf(...DEFAULT_NAMES), 1);
    const first = engine.add();
    fold(engine, first, bars.slice(0, 250));
    const more = Array.from({ length: 100 }, () => engine.add());
    const other = createEngine(engine.plan);
    expectSameBits(fold(engine, first, bars.slice(250)), fold(other, other.add(), bars).slice(250));
    expect(new Set([first, ...more]).size).toBe(101);
  });

  it('starts a removed series anew under the same handle', () => {
    const engine = createEngine(planOf('sma_5', 'rsi_5'));
    const handle = engine.add();
    const rows = fold(engine, handle, bars);
    engine.remove(handle);
    expect(engine.add()).toBe(handle);
    expectSameBits(fold(engine, handle, bars), rows);
  });

  it('knows no series that was never added or has been removed', () => {
    const engine = createEngine(planOf('sma_5'));
    engine.remove(engine.add());
    for (const use of [() => engine.save(0), () => engine.load(7, new Uint8Array()), () => engine.remove(0)])
      expect(use).toThrow(/no series under handle/);
  });

  it('steps a plan without indicators', () => {
    const engine = createEngine(createPlan([]));
    expect(() => engine.step(engine.add(), bars[0] as Bar, new Float64Array(0))).not.toThrow();
    expect(engine.plan.warmup).toBe(0);
  });
});

describe('a step that throws', () => {
  const definitions = [...builtinIndicators, fragile];
  const plan = createPlan(['sma_5', 'fragile', 'macd'].map((name) => instanceOf(name, {}, definitions)));

  it('costs its own values of that bar and nothing else', () => {
    const thrown: unknown[] = [];
    const engine = createEngine(plan);
    const handle = engine.add();
    const rows = silent(100).map((bar) => {
      const row = new Float64Array(plan.columns.length);
      engine.step(handle, bar, row, (instance, error) => thrown.push([instance.name, (error as Error).message]));
      return row;
    });
    expect(thrown).toEqual([['fragile', 'no volume']]);
    expect([...(rows[100] as Float64Array).slice(1, 3)]).toEqual([NaN, NaN]);
    expect([...(rows[101] as Float64Array).slice(1, 3)]).toEqual([101, 202]);
    const others = createEngine(planOf('sma_5', 'macd'));
    expectSameBits(
      rows.map((row) => Float64Array.of(row[0] as number, ...row.slice(3))),
      fold(others, others.add(), bars),
    );
  });

  it('leaves the state as it was before the bar', () => {
    const engine = createEngine(createPlan([instanceOf('fragile', {}, definitions)]));
    const handle = engine.add();
    fold(engine, handle, bars.slice(0, 10));
    const before = engine.save(handle);
    engine.step(handle, { ...(bars[10] as Bar), volume: 0 }, new Float64Array(2));
    expect(engine.save(handle)).toEqual(before);
  });
});

it('an engine of 20 000 series steps them in turn without stumbling over another', () => {
  const count = 20_000;
  const engine = createEngine(planOf('ema_3', 'sma_4'), count);
  const handles = Array.from({ length: count }, () => engine.add());
  const row = new Float64Array(2);
  const market = walk(12, 2);
  for (const bar of market)
    for (const handle of handles) engine.step(handle, { ...bar, close: bar.close + handle }, row);
  const alone = createEngine(engine.plan);
  const last = fold(
    alone,
    alone.add(),
    market.map((bar) => ({ ...bar, close: bar.close + (handles.at(-1) as number) })),
  ).at(-1) as Float64Array;
  expect([...row]).toEqual([...last]);
});
