import fc from 'fast-check';
import { base64Length, readBase64, writeBase64 } from './base64';

const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 2_654_435_761) >>> 24));

describe('base64', () => {
  it.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 49_152, 200_000])('is that of %i bytes, both ways, in its place', (length) => {
    const [bytes, text] = [bytesOf(length), Buffer.alloc(base64Length(length) + 9, '.')];
    expect(writeBase64(bytes, text, 5)).toBe(5 + base64Length(length));
    expect(text.toString('latin1')).toBe(`.....${bytes.toString('base64')}....`);
    const read = Buffer.alloc(length + 1, 7);
    expect(readBase64(text, 5, text.length - 4, read)).toBe(length);
    expect(read.equals(Buffer.concat([bytes, Buffer.of(7)]))).toBe(true);
  }); // prettier-ignore

  it('reads of any text as much as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', '/', '+', '=', '?', '\n', 'z'), maxLength: 40 }), (text) => {
        const read = Buffer.alloc(64);
        const length = readBase64(Buffer.from(text), 0, text.length, read);
        expect(read.subarray(0, length).equals(Buffer.from(text, 'base64'))).toBe(true);
      }),
    );
  });
});
