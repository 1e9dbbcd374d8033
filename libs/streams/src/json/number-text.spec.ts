import fc from 'fast-check';
import { MAX_NUMBER_BYTES, writeNumber } from './number-text';

const text = (value: number): string => {
  const bytes = Buffer.alloc(MAX_NUMBER_BYTES + 1, '!');
  const end = writeNumber(bytes, 0, Float64Array.of(value), 0);
  expect(bytes[MAX_NUMBER_BYTES]).toBe(33);
  return bytes.toString('latin1', 0, end);
};
const readsBack = (value: number): void => {
  const written = text(value);
  expect(JSON.parse(written)).toBe(value === 0 ? 0 : value); // −0 is 0 in JSON
};

describe('writeNumber', () => {
  it('writes short decimals as JavaScript does', () => {
    for (const value of [
      0, 1, -1, 9, 10, 99.5, 100, 9_999, 10_000, 123_456.78, 0.1, 0.00000001, 65_000.12345678, 1e8, 1e14,
    ])
      expect(text(value)).toBe(String(value));
    expect(text(-0)).toBe('0');
    expect(text(1_767_571_200_000)).toBe('1767571200000');
    expect(text(1_767_571_200_123_456 / 10)).toBe('176757120012345.6');
  });

  it('writes prices in cents as JavaScript does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 8 }), (n, decimals) => {
        const value = n / 10 ** decimals;
        if (value !== 0 && Math.abs(value) >= 1e-6) expect(text(value)).toBe(String(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back as the same double, whatever its bits', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), readsBack), { numRuns: 5_000 });
  });

  it('reads back as the same double where prices and indicators live', () => {
    const mantissa = fc.double({ min: 1, max: 2, noNaN: true, maxExcluded: true });
    const exponent = fc.integer({ min: -40, max: 55 });
    fc.assert(
      fc.property(mantissa, exponent, fc.boolean(), (m, e, negative) => readsBack((negative ? -m : m) * 2 ** e)),
      { numRuns: 10_000 },
    );
  });

  it('holds at the borders of its cases', () => {
    const next = (value: number, by: bigint): number => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      view.setBigInt64(0, view.getBigInt64(0) + by);
      return view.getFloat64(0);
    };
    for (const border of [2 ** -26, 2 ** -10, 1, 64, 512, 1e8, 2 ** 25, 1e15, 2 ** 53])
      for (let by = -50n; by <= 50n; by++) readsBack(next(border, by));
    for (let e = -30; e < 60; e++) for (let by = -2n; by <= 2n; by++) readsBack(next(2 ** e, by));
    readsBack(Number.MIN_VALUE);
    readsBack(Number.MAX_VALUE);
  });
});
