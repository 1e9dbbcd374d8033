import fc from 'fast-check';
import { readNumber } from './number-reader';
import { MAX_NUMBER_BYTES, writeNumber } from './number-text';

const found = new Float64Array(1);
const endOf = (text: string, at = 0): number => readNumber(Buffer.from(`${text},`), at, found, 0);
const read = (text: string): number => {
  endOf(text);
  return found[0] as number;
};

/** Any finite double, by its bits. */
const arbDouble = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([high, low]) => new Float64Array(Uint32Array.of(low, high).buffer)[0] as number)
  .filter(Number.isFinite);
/** Doubles of the size of prices and of differences between them. */
const arbPrice = fc.tuple(arbDouble, fc.integer({ min: -40, max: 40 })).map(([value, exponent]) => {
  const mantissa = value === 0 ? 1 : value / 2 ** Math.floor(Math.log2(Math.abs(value)));
  return Number.isFinite(mantissa) ? mantissa * 2 ** exponent : 1;
});

describe('readNumber', () => {
  it('reads what our own writer wrote as the very same double', () => {
    const bytes = Buffer.alloc(MAX_NUMBER_BYTES + 1);
    fc.assert(
      fc.property(fc.oneof(arbPrice, arbDouble), (value) => {
        const end = writeNumber(bytes, 0, Float64Array.of(value), 0);
        bytes[end] = 44;
        expect(readNumber(bytes, 0, found, 0)).toBe(end);
        expect(found[0]).toBe(value + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads what JSON.stringify wrote as the very same double', () => {
    fc.assert(
      fc.property(fc.oneof(arbPrice, arbDouble), (value) => {
        expect(read(JSON.stringify(value))).toBe(value + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it('reads any decimal text as JavaScript does', () => {
    const digits = fc.stringMatching(/^[0-9]{1,24}$/);
    const decimal = fc
      .tuple(fc.boolean(), digits, fc.option(digits))
      .map(([minus, whole, rest]) => `${minus ? '-' : ''}${whole.replace(/^0+(?=.)/, '')}${rest ? `.${rest}` : ''}`);
    fc.assert(
      fc.property(decimal, (text) => {
        expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('rounds texts half-way between two doubles and next to that as JavaScript does', () => {
    const exact = (text: string) => expect(read(text)).toBe(Number(text));
    for (let i = 0; i < 2_000; i++) {
      const base = 2 ** 40 + 2 * i + 1; // the distance between doubles is 2^-12 here, half of it has 13 decimals
      const half = (BigInt(base) * 10n ** 13n + ((10n ** 13n) >> 13n)).toString();
      for (const near of [half, `${half}1`, (BigInt(half) - 1n).toString()])
        exact(`${near.slice(0, 13)}.${near.slice(13)}`);
    }
  });

  it.each(['', '-', 'a', '.5', '1.', '01', '-x', '1e', '1e+', 'null', '+1'])('finds no number in %j', (text) => {
    expect(endOf(text)).toBe(-1);
    expect(found[0]).toBeNaN();
  });

  it('says where the number ends', () => {
    expect(endOf('[12.5e3]', 1)).toBe(7);
  });
});
