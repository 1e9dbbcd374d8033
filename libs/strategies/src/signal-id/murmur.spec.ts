import { hashBlocks, murmur128, NOTHING_HASHED, type Hashed } from './murmur';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

/** The hash of a text as 32 hexadecimal digits. */
function hashOf(text: string, behind: Hashed = NOTHING_HASHED): string {
  const lanes = new Int32Array(4);
  const whole = Buffer.concat([behind.rest, bytesOf(text), Buffer.alloc(16, '?')]);
  murmur128(whole, whole.length - 16, lanes, behind);
  return [...lanes].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

describe('murmur128', () => {
  it('agrees with the published vector', () => {
    expect(hashOf("I will not buy this tobacconist's, it is scratched.")).toBe('9b5b7ba2ef3f7866889adeaf00f3f98e');
  });

  it('goes on behind a text of any length as if it were one', () => {
    const text = 'The quick brown fox jumps over the lazy dog, again and again.';
    for (let at = 0; at <= text.length; at++)
      expect(hashOf(text.slice(at), hashBlocks(bytesOf(text.slice(0, at))))).toBe(hashOf(text));
  });

  it('takes texts of every length modulo the block', () => {
    const hashes = Array.from({ length: 40 }, (_, length) => hashOf('x'.repeat(length)));
    expect(new Set(hashes).size).toBe(40);
    expect(hashes[0]).toBe('0'.repeat(32));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });
});
