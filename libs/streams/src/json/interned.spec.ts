import { Interned } from './interned';

describe('Interned', () => {
  it('keeps a copy of a text, not the bytes around it', () => {
    const values = new Interned((text) => text);
    const bytes = Buffer.from('AAA,BBB.');
    const point = '.'.charCodeAt(0);
    expect([values.of(1, bytes, 0, 3), values.of(2, bytes, 4, 7)]).toEqual(['AAA', 'BBB']);
    values.of(1, bytes, 0, 3);
    expect(values.again(Buffer.from('BBBB.'), 0, point)).toBeNull();
    expect(values.again(bytes, 4, point)?.bytes.buffer.byteLength).toBe(3);
    bytes.fill('x');
    expect(values.of(2, Buffer.from('BBB'), 0, 3)).toBe('BBB');
    expect(values.of(1, Buffer.from('CCC'), 0, 3)).toBe('CCC'); // another text of the same hash
  });
});
