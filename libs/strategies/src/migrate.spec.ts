import type { StrategyStep } from './definition';
import { createStrategyEngine } from './engine';
import { graftStrategyState, migrateStrategyState, strategyNewcomers, strategyParts } from './migrate';
import { averageTrueRange } from './measures/average-true-range';
import { volumeMean } from './measures/volume-mean';
import type { StrategyPlan } from './plan';
import { generateMarket, instantiate } from './testing';
import { defaultStrategies } from './testing/settings';
import { stubStrategy } from './testing/stubs';

const bars = generateMarket('random-walk', { bars: 40, seed: 1, sigma: 0.01 });
const NONE = new Float64Array(20);

/** Answers on every bar how many it has seen, as a share of 1 000. */
const counting: StrategyStep = (state, at) => {
  state[at] = (state[at] as number) + 1;
  return { side: 'buy', factors: { certainty: (state[at] as number) / 1_000 } };
};

const one = stubStrategy('one', counting, { measures: () => [averageTrueRange()] });
const two = stubStrategy('two', counting, { measures: () => [volumeMean(), averageTrueRange()] });
const pacer = (pace: number, minConfidence = 0) =>
  instantiate(
    stubStrategy('pacer', counting, {
      minConfidence,
      params: { pace: { kind: 'int', default: pace, min: 1, max: 9 } },
    }),
  );

function planOf(...instances: Parameters<typeof defaultStrategies>[0] & object): StrategyPlan {
  return defaultStrategies(instances);
}

function saved(plan: StrategyPlan): Uint8Array {
  const engine = createStrategyEngine(plan);
  const handle = engine.add();
  for (const bar of bars) engine.step(handle, bar, NONE, () => undefined);
  return engine.save(handle);
}

/** What each strategy answers on the first bar after it was loaded. */
function counts(plan: StrategyPlan, state: Uint8Array): Record<string, number> {
  const engine = createStrategyEngine(plan);
  const handle = engine.add();
  engine.load(handle, state);
  const answers: Record<string, number> = {};
  engine.step(handle, bars[0] as (typeof bars)[number], NONE, ({ name }, { factors }) => {
    answers[name] = Math.round((factors['certainty'] as number) * 1_000);
  });
  return answers;
}

describe('migrateStrategyState', () => {
  it('keeps what both plans have and starts the new cold', () => {
    const [from, to] = [planOf(instantiate(one)), planOf(instantiate(two), instantiate(one))];
    // `one` has seen the 26 bars since its ATR was ready; `two` waits for its volume mean.
    expect(counts(to, migrateStrategyState(from, saved(from), to))).toEqual({ one: 27 });
  });

  it('keeps measures that are still read', () => {
    const [from, to] = [planOf(instantiate(two)), planOf(instantiate(one), instantiate(two))];
    expect(counts(to, migrateStrategyState(from, saved(from), to))).toEqual({ one: 1, two: 21 });
  });

  it('starts a strategy with other parameters cold, but not one with another min_confidence', () => {
    const from = planOf(pacer(3));
    const migrated = (to: StrategyPlan) => counts(to, migrateStrategyState(from, saved(from), to));
    expect(migrated(planOf(pacer(3)))).toEqual({ pacer: 41 });
    expect(migrated(planOf(pacer(3, 0.01)))).toEqual({ pacer: 41 });
    expect(migrated(planOf(pacer(4)))).toEqual({ pacer: 1 });
  });

  it('is the identity between equal plans, and takes back what it gave', () => {
    const [small, large] = [planOf(instantiate(one)), planOf(instantiate(two), instantiate(one))];
    const state = saved(small);
    expect(migrateStrategyState(small, state, planOf(instantiate(one)))).toEqual(state);
    expect(migrateStrategyState(large, migrateStrategyState(small, state, large), small)).toEqual(state);
  });

  it('refuses state of a plan that is not the first', () => {
    const [from, to] = [planOf(instantiate(one)), planOf(instantiate(two))];
    expect(() => migrateStrategyState(to, saved(from), from)).toThrow('is of plan');
  });
});

describe('graftStrategyState', () => {
  const [from, to] = [planOf(instantiate(one)), planOf(instantiate(two), instantiate(one))];
  const moved = migrateStrategyState(from, saved(from), to);
  const added = strategyNewcomers(from, to);

  it('gives measures and strategies that were added their past, and leaves the rest alone', () => {
    expect(added).toHaveLength(2); // the volume mean, and who reads it
    expect(counts(to, graftStrategyState(to, moved, saved(to), added))).toEqual({ one: 27, two: 21 });
    expect(graftStrategyState(to, moved, saved(to), added)).toEqual(saved(to));
    expect(graftStrategyState(to, moved, saved(to), [])).toEqual(moved);
  });

  it('is needed for nothing that finds its state', () => {
    expect(strategyNewcomers(to, from)).toEqual([]);
    expect(strategyNewcomers(planOf(pacer(3)), planOf(pacer(3, 0.01)))).toEqual([]);
    expect(strategyParts(to)).toEqual(expect.arrayContaining(added));
  });

  it('refuses state of another plan', () => {
    expect(() => graftStrategyState(to, moved, saved(from), [])).toThrow('is of plan');
  });
});
