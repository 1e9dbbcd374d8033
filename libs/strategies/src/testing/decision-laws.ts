import type { Bar } from '@wagehood/market';
import { instantiate } from './run-strategies';
import type { Law, Subject } from './laws';

/** What a strategy says, and when it says nothing. */
export function decisionLaws(subject: Subject): Law[] {
  return [
    { name: 'is frozen, and says what it does', check: () => describesItself(subject) },
    { name: 'fires on the seeded markets, on both sides', check: () => firesOnBothSides(subject) },
    { name: 'is silent until its warm-up is over', check: () => waitsForWarmup(subject) },
    { name: 'returns factors in [0, 1] and their weighted mean as confidence', check: () => weighsItsFactors(subject) },
    { name: 'loses only less confident decisions to a higher min_confidence', check: () => losesOnlyTheWeak(subject) },
    ...[0.1, 100, 123_456_789.1].map((price) => ({
      name: `sees no signal in a market that stands still at ${price}`,
      check: () => expect(subject.run(flatMarket(price))).toEqual([]),
    })),
  ];
}

function describesItself({ definition }: Subject): void {
  expect(Object.isFrozen(definition)).toBe(true);
  expect(Object.isFrozen(definition.factors)).toBe(true);
  expect(definition.title).not.toBe('');
  expect(definition.rule).not.toBe('');
  expect(definition.params).toHaveProperty('min_confidence');
}

function firesOnBothSides({ markets, run }: Subject): void {
  const sides = markets.flatMap((bars) => run(bars)).map(({ side }) => side);
  expect(new Set(sides)).toEqual(new Set(['buy', 'sell']));
}

function waitsForWarmup({ markets, run, start }: Subject): void {
  const { warmup } = start().plan;
  expect(warmup).toBeGreaterThan(0);
  for (const bars of markets) for (const { at } of run(bars)) expect(at).toBeGreaterThanOrEqual(warmup - 1);
}

function weighsItsFactors({ definition, markets, run }: Subject): void {
  const weights = new Map(definition.factors.map(({ name, weight }) => [name, weight]));
  for (const { confidence, factors } of markets.flatMap((bars) => run(bars))) {
    const entries = Object.entries(factors).map(([name, value]) => ({ value, weight: weights.get(name) as number }));
    const total = entries.reduce((sum, { weight }) => sum + weight, 0);
    const mean = entries.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
    for (const { value } of entries) expect(value >= 0 && value <= 1).toBe(true);
    expect(confidence >= 0 && confidence <= 1).toBe(true);
    expect(confidence).toBeCloseTo(mean, 12);
  }
}

function losesOnlyTheWeak({ definition, parameters, markets, run }: Subject): void {
  const strict = instantiate(definition, { ...parameters, min_confidence: 0.6 });
  for (const bars of markets)
    expect(run(bars, strict)).toEqual(run(bars).filter(({ confidence }) => confidence >= 0.6));
}

function flatMarket(price: number): Bar[] {
  return Array.from({ length: 600 }, (_, at) => ({
    openTime: at * 60_000,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 100 + (at % 7),
  }));
}
