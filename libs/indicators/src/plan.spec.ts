import { hashText } from './hash';
import { createPlan } from './plan';
import { DEFAULT_NAMES, instanceOf, planOf } from './testing/plans';
import { toValues } from './values';

describe('a plan', () => {
  it('has one column per number, in the order of the settings', () => {
    expect(planOf('sma_50', 'macd', 'rsi_14').columns).toEqual([
      { indicator: 'sma_50', output: null },
      { indicator: 'macd', output: 'macd_line' },
      { indicator: 'macd', output: 'signal_line' },
      { indicator: 'macd', output: 'histogram' },
      { indicator: 'rsi_14', output: null },
    ]);
  });

  it('is warm when its slowest indicator is', () => {
    expect(planOf('sma_50', 'macd').warmup).toBe(50);
    expect(planOf('rsi_14', 'macd').warmup).toBe(34);
  });

  it('refuses two instances of one name', () => {
    expect(() => planOf('sma_5', 'macd', 'sma_5')).toThrow(`two indicators are called 'sma_5'`);
  });

  it('has a fingerprint that says what saved state means', () => {
    const prints = [planOf('sma_50'), planOf('sma_51'), planOf('sma_50', 'ema_12'), planOf('ema_12', 'sma_50')];
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(4);
    expect(planOf('sma_50').fingerprint).toBe(planOf('sma_50').fingerprint);
    const [sma] = [instanceOf('sma_50')];
    const revised = createPlan([{ ...sma, definition: { ...sma.definition, revision: 2 } }]);
    expect(revised.fingerprint).not.toBe(planOf('sma_50').fingerprint);
  });

  // A change of this value makes every snapshot in every Redis unreadable: raise it only together with a revision.
  it('of the defaults keeps its golden fingerprint', () => {
    expect(planOf(...DEFAULT_NAMES).fingerprint).toBe('7766c56925323874');
  });
});

describe('the hash of a text', () => {
  it.each([
    ['', 'a6d5df85981a078c'],
    ['a', '26be577c3a507359'],
    ['sma_50|SPY|1m', '7399d984075cd743'],
    ['é€😀', 'fb78f44e0b459ac3'],
  ])('of %j is stable', (text, hash) => {
    expect(hashText(text)).toBe(hash);
  });

  it('differs for texts that differ little', () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) => hashText(`sma_${i}|SPY`));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(new Set(hashes.map((hash) => hash.slice(0, 8))).size).toBeGreaterThan(19_990);
  });
});

it('values for the outer world are numbers, records, and null where there is none', () => {
  const row = Float64Array.of(101.5, 0.25, NaN, NaN);
  expect(toValues(planOf('sma_50', 'macd'), row)).toEqual({
    sma_50: 101.5,
    macd: { macd_line: 0.25, signal_line: null, histogram: null },
  });
});
