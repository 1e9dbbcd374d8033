import fc from 'fast-check';
import { numberEnd, readNumber } from './number-reader';
import { MAX_NUMBER_BYTES, writeNumber } from './number-text';

const read = (text: string): number => readNumber(Buffer.from(`${text},`), 0);

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
        const end = writeNumber(bytes, 0, value);
        bytes[end] = 44;
        expect(readNumber(bytes, 0)).toBe(value + 0);
        expect(numberEnd).toBe(end);
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
    expect(read(text)).toBeNaN();
    expect(numberEnd).toBe(-1);
  });

  it('says where the number ends', () => {
    readNumber(Buffer.from('[12.5e3]'), 1);
    expect(numberEnd).toBe(7);
  });
});
