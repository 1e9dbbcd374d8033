import { createEngine } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import { builtinStrategies } from './builtin/builtin-strategies';
import type { StrategyDefinition, StrategyStep } from './definition';
import { createStrategyEngine } from './engine';
import { createStrategyPlan } from './plan';
import { generateMarket, instantiate, runStrategies } from './testing';
import { defaultIndicators, defaultStrategies } from './testing/settings';
import { always, stubStrategy } from './testing/stubs';

const bars = generateMarket('random-walk', { bars: 1_500, seed: 4, sigma: 0.01 });
const bar = bars[0] as Bar;
const NOTHING = new Float64Array(0);

function engineOf(...definitions: readonly StrategyDefinition[]) {
  return createStrategyEngine(
    createStrategyPlan(
      definitions.map((definition) => instantiate(definition)),
      [],
      [],
    ),
    1,
  );
}

/** Steps an engine without indicators once; the names of the strategies that decided and that threw. */
function stepOnce(engine: ReturnType<typeof engineOf>, handle: number): { decided: string[]; threw: string[] } {
  const [decided, threw]: [string[], string[]] = [[], []];
  engine.step(
    handle,
    bar,
    NOTHING,
    ({ name }) => decided.push(name),
    ({ name }, error) => threw.push(`${name}: ${error}`),
  );
  return { decided, threw };
}

describe('the strategy engine', () => {
  it('decides for the five together what each decides alone', () => {
    const all = builtinStrategies.map((definition) => instantiate(definition));
    const together = runStrategies(all, bars);
    expect(together.length).toBeGreaterThan(50);
    for (const one of all)
      expect(runStrategies([one], bars)).toEqual(together.filter(({ strategy }) => strategy === one.name));
  });

  it('keeps series apart, however many there are', () => {
    const indicators = defaultIndicators();
    const engine = createStrategyEngine(defaultStrategies(), 1);
    const markets = [1, 2, 3, 4, 5].map((seed) => generateMarket('trending', { bars: 600, seed, sigma: 0.01 }));
    const series = markets.map((market) => ({ market, first: createEngine(indicators, 1), handle: engine.add() }));
    const handles = series.map(({ first }) => first.add());
    const values = new Float64Array(indicators.columns.length);
    const decided = series.map((): unknown[] => []);
    for (let at = 0; at < 600; at++)
      series.forEach(({ market, first, handle }, i) => {
        first.step(handles[i] as number, market[at] as Bar, values);
        engine.step(handle, market[at] as Bar, values, ({ name }, decision) =>
          decided[i]?.push({ at, strategy: name, ...decision }),
        );
      });
    const all = builtinStrategies.map((definition) => instantiate(definition));
    expect(decided).toEqual(markets.map((market) => runStrategies(all, market)));
  });

  it('starts a removed handle anew', () => {
    const seen: number[] = [];
    const counter: StrategyStep = (state, at) => {
      seen.push((state[at] as number)++);
      return null;
    };
    const engine = engineOf(stubStrategy('counter', counter));
    const first = engine.add();
    stepOnce(engine, first);
    stepOnce(engine, first);
    engine.remove(first);
    expect(engine.add()).toBe(first);
    stepOnce(engine, first);
    expect(seen).toEqual([0, 1, 0]);
  });

  it('refuses handles that it does not know', () => {
    const engine = engineOf(stubStrategy('any', always));
    expect(() => engine.remove(3)).toThrow('no series under handle 3');
    expect(() => engine.save(3)).toThrow('no series under handle 3');
  });

  it('does not show a bar to a strategy that lacks an input', () => {
    const shown: number[] = [];
    const reader: StrategyStep = (_state, _at, _bar, inputs) => {
      shown.push(inputs[0] as number);
      return null;
    };
    const needs = () => [{ indicator: 'rsi', params: { period: 14 } }];
    const engine = createStrategyEngine(defaultStrategies([instantiate(stubStrategy('reader', reader, { needs }))]));
    const values = new Float64Array(defaultIndicators().columns.length).fill(NaN);
    const handle = engine.add();
    engine.step(handle, bar, values, () => undefined);
    values[4] = 55;
    engine.step(handle, bar, values, () => undefined);
    for (const none of [NaN, Infinity]) {
      values[4] = none;
      engine.step(handle, bar, values, () => undefined);
    }
    expect(shown).toEqual([55]);
  });

  it('holds back what a strategy says before its warm-up is over', () => {
    const engine = engineOf(stubStrategy('slow', always, { warmup: () => 3 }));
    const handle = engine.add();
    expect([1, 2, 3, 4].map(() => stepOnce(engine, handle).decided.length)).toEqual([0, 0, 1, 1]);
  });

  it('emits nothing below the least confidence', () => {
    const unsure: StrategyStep = () => ({ side: 'sell', factors: { certainty: 0.59 } });
    const engine = engineOf(stubStrategy('unsure', unsure, { minConfidence: 0.6 }));
    expect(stepOnce(engine, engine.add()).decided).toEqual([]);
  });
});

describe('a strategy that throws', () => {
  /** Counts bars in its slot and throws on the third, after it has written. */
  const poison: StrategyStep = (state, at) => {
    state[at] = (state[at] as number) + 1;
    if (state[at] === 3) {
      state[at] = 1_000;
      throw new Error('third bar');
    }
    return always(state, at, bar, NOTHING);
  };

  it('is isolated: its state is as before the bar, the others go on', () => {
    const engine = engineOf(
      stubStrategy('first', always),
      stubStrategy('poison', poison),
      stubStrategy('last', always),
    );
    const handle = engine.add();
    stepOnce(engine, handle);
    stepOnce(engine, handle);
    const before = engine.save(handle);
    expect(stepOnce(engine, handle)).toEqual({ decided: ['first', 'last'], threw: ['poison: Error: third bar'] });
    expect(engine.save(handle)).toEqual(before);
    expect(stepOnce(engine, handle).threw).toHaveLength(1);
  });

  it('needs nobody to be told', () => {
    const engine = engineOf(stubStrategy('poison', poison));
    const handle = engine.add();
    for (let i = 0; i < 5; i++) expect(() => engine.step(handle, bar, NOTHING, () => undefined)).not.toThrow();
  });

  it.each<[string, Record<string, number | null>]>([
    ["factor 'certainty' is NaN", { certainty: NaN }],
    ["factor 'certainty' is Infinity", { certainty: Infinity }],
    ["factor 'certainty' is undefined", { luck: 1 }],
    ['returned the factors certainty, luck', { certainty: 1, luck: 1 }],
    ['returned the factors , not those', {}],
  ])('so is one whose factors are not in order: %s', (message, factors) => {
    const engine = engineOf(stubStrategy('sloppy', () => ({ side: 'buy', factors })));
    expect(stepOnce(engine, engine.add())).toEqual({ decided: [], threw: [expect.stringContaining(message)] });
  });
});

describe('saved state', () => {
  it('is refused by another plan and when it is cut', () => {
    const engine = engineOf(stubStrategy('one', always));
    const other = engineOf(stubStrategy('two', always));
    const saved = engine.save(engine.add());
    const handle = other.add();
    expect(() => other.load(handle, saved)).toThrow(/is of plan '[0-9a-f]{16}', expected plan '[0-9a-f]{16}'/);
    expect(() => engine.load(0, saved.subarray(0, 12))).toThrow('has 12 bytes, expected 24');
    expect(() => engine.load(0, new Uint8Array(0))).toThrow("is of plan ''");
  });
});
