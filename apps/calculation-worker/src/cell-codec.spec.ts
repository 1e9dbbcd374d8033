import type { BuilderState } from '@wagehood/market';
import { arbBar, arbTimeframe } from '@wagehood/testing';
import fc from 'fast-check';
import { decodeCell, encodeCell, type StoredCell } from './cell-codec';

const bytes = fc.uint8Array({ maxLength: 300 });
const builder: fc.Arbitrary<BuilderState> = fc.record({
  open: fc.option(arbBar()),
  complete: fc.boolean(),
});
const cell: fc.Arbitrary<StoredCell> = fc.record({
  plan: fc.string({ unit: 'grapheme' }),
  cold: fc.option(
    fc.record({ indicators: fc.array(fc.string()), timeframes: fc.array(arbTimeframe), strategies: fc.boolean() }),
  ),
  since: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.nat()),
  feed: bytes,
  larger: fc.array(fc.record({ timeframe: arbTimeframe, builder, state: bytes }), { maxLength: 4 }),
});

describe('the bytes of a stored cell', () => {
  it('give back what went in, bit for bit', () => {
    fc.assert(fc.property(cell, (stored) => expect(decodeCell(encodeCell(stored))).toEqual(stored)));
  });

  it('do not depend on where in a buffer they lie', () => {
    fc.assert(
      fc.property(cell, fc.nat(7), (stored, shift) => {
        const encoded = encodeCell(stored);
        const held = new Uint8Array(encoded.byteLength + shift);
        held.set(encoded, shift);
        const decoded = decodeCell(held.subarray(shift));
        held.fill(0); // what came out is a copy
        expect(decoded).toEqual(stored);
      }),
    );
  });

  it('are refused when they were cut, wherever, or when there are too many', () => {
    fc.assert(
      fc.property(cell, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (stored, share) => {
        const encoded = encodeCell(stored);
        expect(() => decodeCell(encoded.subarray(0, Math.floor(encoded.byteLength * share)))).toThrow();
        expect(() => decodeCell(Buffer.concat([encoded, Buffer.from([0])]))).toThrow(/has \d+ bytes, expected \d+/);
      }),
    );
  });
});
