import { hashBlocks, murmur128 } from './murmur';

describe('murmur128', () => {
  it('agrees with the published vector', () => {
    expect(murmur128("I will not buy this tobacconist's, it is scratched.")).toBe('9b5b7ba2ef3f7866889adeaf00f3f98e');
  });

  it('goes on behind a text of any length as if it were one', () => {
    const text = 'The quick brown fox jumps over the lazy dog, again and again.';
    for (let at = 0; at <= text.length; at++)
      expect(murmur128(text.slice(at), hashBlocks(text.slice(0, at)))).toBe(murmur128(text));
  });

  it('takes texts of every length modulo the block', () => {
    const hashes = Array.from({ length: 40 }, (_, length) => murmur128('x'.repeat(length)));
    expect(new Set(hashes).size).toBe(40);
    expect(hashes[0]).toBe('0'.repeat(32));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });
});
