import fc from 'fast-check';
import type { IndicatorCatalog } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { StrategyDefinition, StrategyInstance } from '../definition';
import { generateMarket, MARKETS } from './markets';
import { createStrategyRun, instantiate, runStrategies, type Fired } from './run-strategies';
import { mirrorPrices, roundPrices, scalePrices } from './transform-bars';

export interface StrategyContractOptions {
  /** Parameters to test with, beside the defaults. */
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Where its indicators are found; the built-in ones by default. */
  readonly catalog?: IndicatorCatalog;
  /** False where sells do not mirror buys. True by default. */
  readonly symmetric?: boolean;
}

/** Bars per market; long enough for a warm-up of 200 and a few hundred more. */
const BARS = 1_200;

/**
 * The laws that every strategy keeps, on seeded markets. Call it in a spec file: it declares the tests. A strategy that
 * never fires on these markets fails too, because it would keep every law for nothing.
 */
export function testStrategyContract(definition: StrategyDefinition, options: StrategyContractOptions = {}): void {
  const given = JSON.stringify(options.parameters ?? {});
  describe(`${definition.id} ${given === '{}' ? '' : given} keeps the laws of a strategy:`.replace('  ', ' '), () => {
    const subject = createSubject(definition, options);
    definitionLaws(definition);
    decisionLaws(subject);
    stateLaws(subject);
    scaleLaws(subject);
    if (options.symmetric !== false) mirrorLaw(subject);
  });
}

interface Subject {
  readonly definition: StrategyDefinition;
  /** With a least confidence of 0: the laws hold for every candidate. */
  readonly open: StrategyInstance;
  readonly markets: readonly (readonly Bar[])[];
  readonly run: (bars: readonly Bar[], instance?: StrategyInstance) => Fired[];
  readonly catalog: IndicatorCatalog | undefined;
  readonly parameters: Readonly<Record<string, number | string>>;
}

function createSubject(definition: StrategyDefinition, { parameters = {}, catalog }: StrategyContractOptions): Subject {
  const open = instantiate(definition, { ...parameters, min_confidence: 0 });
  const markets = MARKETS.map((market, seed) =>
    generateMarket(market, { bars: BARS, seed: seed + 1, sigma: 0.01 }).map((bar) => Object.freeze(bar)),
  );
  const run = (bars: readonly Bar[], instance = open) => runStrategies([instance], bars, catalog);
  return { definition, open, markets, run, catalog, parameters };
}

function definitionLaws(definition: StrategyDefinition): void {
  it('is frozen, and says what it does', () => {
    expect(Object.isFrozen(definition)).toBe(true);
    expect(Object.isFrozen(definition.factors)).toBe(true);
    expect(definition.title).not.toBe('');
    expect(definition.rule).not.toBe('');
    expect(definition.params).toHaveProperty('min_confidence');
  });
}

function decisionLaws({ definition, open, markets, run, parameters }: Subject): void {
  it('fires on the seeded markets, on both sides', () => {
    const sides = markets.flatMap((bars) => run(bars)).map(({ side }) => side);
    expect(new Set(sides)).toEqual(new Set(['buy', 'sell']));
  });

  it('is silent until its warm-up is over', () => {
    const { warmup } = createStrategyRun([open]).plan;
    expect(warmup).toBeGreaterThan(0);
    for (const bars of markets) for (const { at } of run(bars)) expect(at).toBeGreaterThanOrEqual(warmup - 1);
  });

  it('returns factors in [0, 1] and their weighted mean as confidence', () => {
    const weights = new Map(definition.factors.map(({ name, weight }) => [name, weight]));
    for (const { confidence, factors } of markets.flatMap((bars) => run(bars))) {
      const entries = Object.entries(factors).map(([name, value]) => ({ value, weight: weights.get(name) as number }));
      for (const { value, weight } of entries) {
        expect(value >= 0 && value <= 1).toBe(true);
        expect(weight).toBeGreaterThan(0);
      }
      const total = entries.reduce((sum, { weight }) => sum + weight, 0);
      const mean = entries.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
      expect(confidence >= 0 && confidence <= 1).toBe(true);
      expect(confidence).toBeCloseTo(mean, 12);
    }
  });

  it('loses nothing but the less confident decisions to a higher min_confidence', () => {
    const strict = instantiate(definition, { ...parameters, min_confidence: 0.6 });
    for (const bars of markets)
      expect(run(bars, strict)).toEqual(run(bars).filter(({ confidence }) => confidence >= 0.6));
  });

  it.each([0.1, 100, 123_456_789.1])('sees no signal in a market that stands still at %p', (price) => {
    const flat = { open: price, high: price, low: price, close: price };
    expect(
      run(Array.from({ length: 600 }, (_, at) => ({ ...flat, openTime: at * 60_000, volume: 100 + (at % 7) }))),
    ).toEqual([]);
  });
}

function stateLaws({ open, markets, run, catalog }: Subject): void {
  const bars = markets[0] as readonly Bar[];

  it('is deterministic', () => {
    for (const market of markets) expect(run(market)).toEqual(run(market));
  });

  it('keeps its state through serialisation after every bar', () => {
    let current = createStrategyRun([open], catalog);
    const decided = bars.slice(0, 500).flatMap((bar, at) => {
      const saved = current.save();
      current = createStrategyRun([open], catalog);
      current.load(saved);
      return current.step(bar).map((decision) => ({ at, ...decision }));
    });
    expect(decided).toEqual(run(bars.slice(0, 500)));
  });

  it('may be split at any bar', () => {
    const whole = run(bars);
    const splitRun = (cut: number) => {
      const first = createStrategyRun([open], catalog);
      const second = createStrategyRun([open], catalog);
      const before = bars.slice(0, cut).map((bar) => first.step(bar));
      second.load(first.save());
      const after = bars.slice(cut).map((bar) => second.step(bar));
      return [...before, ...after].flatMap((decided, at) => decided.map((decision) => ({ at, ...decision })));
    };
    fc.assert(
      fc.property(fc.nat({ max: BARS }), (cut) => expect(splitRun(cut)).toEqual(whole)),
      { numRuns: 10, seed: 1 },
    );
  });

  it('decides the same on a bar whatever follows it', () => {
    const whole = run(bars);
    const other = markets[1] as readonly Bar[];
    fc.assert(
      fc.property(fc.nat({ max: BARS }), (cut) => {
        const changed = run([...bars.slice(0, cut), ...other.slice(cut)]);
        expect(changed.filter(({ at }) => at < cut)).toEqual(whole.filter(({ at }) => at < cut));
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it('needs no more memory after many bars than after one', () => {
    const current = createStrategyRun([open], catalog);
    const sizes = new Set<number>();
    for (const bar of markets.flat()) {
      current.step(bar);
      sizes.add(current.save().reduce((sum, bytes) => sum + bytes.length, 0));
    }
    expect(sizes.size).toBe(1);
  });
}

function scaleLaws({ markets, run }: Subject): void {
  it('has bit-identical decisions at prices times 1024', () => {
    for (const bars of markets) expect(run(scalePrices(bars, 1024))).toEqual(run(bars));
  });

  it('has the same confidence to 1e-9 at prices times 1000', () => {
    for (const bars of markets) {
      const scaled = run(scalePrices(bars, 1000));
      const plain = run(bars);
      expect(scaled.map(identity)).toEqual(plain.map(identity));
      plain.forEach(({ confidence }, i) =>
        expect(Math.abs((scaled[i] as Fired).confidence - confidence)).toBeLessThanOrEqual(1e-9),
      );
    }
  });
}

function mirrorLaw({ run }: Subject): void {
  it('sells in the mirrored market where it bought', () => {
    for (const market of MARKETS) {
      const bars = roundPrices(generateMarket(market, { bars: BARS, seed: 9, sigma: 0.002, price: 1024 }));
      const mirrored = run(mirrorPrices(bars, 1024)).map(({ at, side }) => ({
        at,
        side: side === 'buy' ? 'sell' : 'buy',
      }));
      expect(mirrored).toEqual(run(bars).map(identity));
    }
  });
}

function identity({ at, side }: Fired): { at: number; side: string } {
  return { at, side };
}
