import type { StrategyStep } from '../definition';
import { defineStrategy, type StrategySource } from '../define-strategy';
import { strategyLaws } from './strategy-contract';

/** Buys on every rising close after a falling one, sells on the opposite: lawful, and easy to break. */
const turns: StrategySource = {
  id: 'turns',
  title: 'Turns',
  rule: 'Buy when the close turns up, sell when it turns down.',
  minConfidence: 0.5,
  params: {},
  factors: [{ name: 'body', weight: 1, formula: '|close − previous close| / close, times 50' }],
  needs: () => [],
  warmup: () => 3,
  slots: () => 2,
  compile: () => turn((change, close) => (50 * Math.abs(change)) / close),
};

function turn(factor: (change: number, close: number) => number): StrategyStep {
  return (state, at, { close }) => {
    const change = state[at] === 0 ? 0 : close - (state[at] as number);
    const before = state[at + 1] as number;
    state[at] = close;
    if (change !== 0) state[at + 1] = change;
    if (before * change >= 0) return null;
    return { side: change > 0 ? 'buy' : 'sell', factors: { body: factor(change, close) } };
  };
}

function brokenLaws(change: Partial<StrategySource>): string[] {
  return strategyLaws(defineStrategy({ ...turns, ...change }))
    .filter(({ check }) => {
      try {
        check();
        return false;
      } catch {
        return true;
      }
    })
    .map(({ name }) => name);
}

describe('the contract of strategies', () => {
  it('is kept by a lawful strategy', () => {
    expect(brokenLaws({})).toEqual([]);
  });

  it('catches memory outside of the slots', () => {
    const compile = (): StrategyStep => {
      let bars = 0;
      return (state, at, bar, inputs) => (bars++ > 5 ? turn(() => 0.5)(state, at, bar, inputs) : null);
    };
    expect(brokenLaws({ compile })).toContain('keeps its state through serialisation after every bar');
  });

  it('catches a strategy that counts across runs', () => {
    let calls = 0;
    const compile = () => turn(() => (calls++ % 1000) / 1000);
    expect(brokenLaws({ compile })).toEqual(
      expect.arrayContaining(['is deterministic', 'decides the same on a bar whatever follows it']),
    );
  });

  it('catches factors that depend on the currency', () => {
    expect(brokenLaws({ compile: () => turn((change) => Math.abs(change) / 10) })).toEqual(
      expect.arrayContaining(['decides bit for bit the same at prices times 1024']),
    );
  });

  it('catches a level that depends on the currency', () => {
    const compile = (): StrategyStep => (state, at, bar, inputs) =>
      bar.close > 100 ? turn(() => 0.5)(state, at, bar, inputs) : null;
    expect(brokenLaws({ compile })).toEqual(
      expect.arrayContaining([
        'decides bit for bit the same at prices times 1024',
        'has the same confidence to 1e-9 at prices times 1000',
      ]),
    );
  });

  it('catches sells that do not mirror buys', () => {
    const lopsided = (): StrategyStep => (state, at, bar, inputs) => {
      const candidate = turns.compile({})(state, at, bar, inputs);
      return candidate?.side === 'sell' && bar.high - bar.close < bar.close - bar.low ? null : candidate;
    };
    expect(brokenLaws({ compile: lopsided })).toEqual(['sells in the mirrored market where it bought']);
  });

  it('catches a strategy that never fires, or on one side only', () => {
    expect(brokenLaws({ compile: () => () => null })).toEqual(['fires on the seeded markets, on both sides']);
  });

  it('catches a strategy that writes to the bar', () => {
    const compile = (): StrategyStep => (_state, _at, bar) => {
      Object.assign(bar, { close: 1 });
      return null;
    };
    expect(brokenLaws({ compile })).toContain('fires on the seeded markets, on both sides');
  });

  it('lets an asymmetric strategy be asymmetric', () => {
    const names = (symmetric: boolean) => strategyLaws(defineStrategy(turns), { symmetric }).map(({ name }) => name);
    expect(names(true)).toContain('sells in the mirrored market where it bought');
    expect(names(false)).not.toContain('sells in the mirrored market where it bought');
  });
});
