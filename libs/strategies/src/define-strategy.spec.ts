import type { StrategySource } from './define-strategy';
import { weigh } from './weigh';
import { always, stubStrategy } from './testing/stubs';

describe('defineStrategy', () => {
  it('freezes, and adds min_confidence', () => {
    const definition = stubStrategy('mine', always, { minConfidence: 0.4 });
    expect(definition.params).toEqual({ min_confidence: { kind: 'number', default: 0.4, min: 0, max: 1 } });
    expect(definition).not.toHaveProperty('minConfidence');
    expect(() => Object.assign(definition, { id: 'other' })).toThrow(TypeError);
  });

  it.each<[Partial<StrategySource>, string]>([
    [{ factors: [] }, 'needs a factor'],
    [{ factors: [{ name: 'A', weight: 1, formula: 'x' }] }, "factor 'A' must be lower_case words"],
    [{ factors: [{ name: 'a', weight: 0, formula: 'x' }] }, "factor 'a' needs a positive weight"],
    [{ factors: [{ name: 'a', weight: 1, formula: ' ' }] }, "factor 'a' needs a formula"],
    [
      {
        factors: [
          { name: 'a', weight: 1, formula: 'x' },
          { name: 'a', weight: 1, formula: 'y' },
        ],
      },
      'factors must have different names',
    ],
    [{ minConfidence: 1.5 }, "parameter 'min_confidence' is 1.5, expected a number from 0 to 1"],
    [{ params: { min_confidence: { kind: 'number', default: 0, min: 0, max: 1 } } }, 'min_confidence is added'],
    [{ params: { n: { kind: 'int', default: 0, min: 1, max: 9 } } }, "parameter 'n' is 0"],
    [{ check: () => 'a must be less than b' }, 'a must be less than b'],
  ])('refuses %j', (change, message) => {
    expect(() => stubStrategy('mine', always, change)).toThrow(message);
  });

  it('refuses an id that is not lower case words', () => {
    expect(() => stubStrategy('My Strategy', always)).toThrow("strategy 'My Strategy': id must be lower_case words");
  });
});

describe('weigh', () => {
  const definition = stubStrategy('mine', always, {
    factors: [
      { name: 'a', weight: 3, formula: 'x' },
      { name: 'b', weight: 1, formula: 'y' },
    ],
  });

  it.each([
    [{ a: 0.5, b: 1 }, 0.625, { a: 0.5, b: 1 }],
    [{ a: -2, b: 7 }, 0.25, { a: 0, b: 1 }],
    [{ a: null, b: 0.5 }, 0.5, { b: 0.5 }],
    [{ a: null, b: null }, 0, {}],
  ])('%j has confidence %d', (factors, confidence, returned) => {
    expect(weigh(definition, { side: 'buy', factors })).toEqual({ side: 'buy', confidence, factors: returned });
  });
});
