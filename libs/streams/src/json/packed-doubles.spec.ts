import fc from 'fast-check';
import { packedLength, readPacked, writePacked } from './packed-doubles';

const arbDoubles = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, NaN, Infinity, -Infinity, 5e-324)), {
  maxLength: 40,
});

function write(values: readonly number[], at = 0): Buffer {
  const bytes = Buffer.alloc(at + packedLength(values.length) + 1, '#');
  const end = writePacked(new DataView(bytes.buffer, bytes.byteOffset), at, Float64Array.from(values));
  expect(end).toBe(at + packedLength(values.length));
  expect(bytes[end]).toBe('#'.charCodeAt(0)); // and nothing behind it
  return bytes.subarray(at, end);
}

/** The bytes as any other program makes them. */
const littleEndian = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
};

describe('packed doubles', () => {
  it('are the base64 of their little-endian bytes, without a sign of zero, and NaN for what is not finite', () => {
    fc.assert(
      fc.property(arbDoubles, fc.nat(5), (values, at) => {
        const plain = values.map((value) => (Number.isFinite(value) ? value + 0 : NaN));
        expect(write(values, at).toString()).toBe(littleEndian(plain).toString('base64'));
      }),
    );
    expect(write([NaN]).toString()).toBe('AAAAAAAA+H8=');
  });

  it('are read back as the same bits, from anywhere in a text, and from the text of another program', () => {
    fc.assert(
      fc.property(arbDoubles, fc.nat(5), (values, at) => {
        const text = Buffer.from(`${'x'.repeat(at)}${littleEndian(values).toString('base64')}"`);
        const into = new Float64Array(values.length);
        expect(readPacked(text, at, into)).toBe(text.length - 1);
        expect([...into]).toEqual(values.map((value) => (Number.isFinite(value) ? value : NaN)));
      }),
    );
  });

  it.each([
    ['too short', [1, 2], (text: string) => text.slice(0, -4)],
    ['a character that is none of base64', [1, 2], (text: string) => text.replace('A', '-')],
    ['a character beyond ASCII', [1, 2, 3], (text: string) => `é${text.slice(1)}`],
    ['padding before the end', [1, 2, 3], (text: string) => `=${text.slice(1)}`],
    ['no padding where one byte is left', [1, 2, 3, 4, 5], (text: string) => text.replace(/=$/, 'A')],
    ['no padding where two bytes are left', [1], (text: string) => text.replace(/=$/, 'A')],
    ['an end that is none of base64', [1], (text: string) => text.replace(/.=$/, '-=')],
  ])('are refused: %s', (_what, values, spoil) => {
    const text = write(values).toString();
    const into = new Float64Array(values.length);
    expect(readPacked(Buffer.from(text), 0, into)).toBe(text.length);
    expect(readPacked(Buffer.from(spoil(text), 'latin1'), 0, into)).toBe(-1);
  });
});
