import { freeBytes } from './free-bytes';

describe('freeBytes', () => {
  it('gives back the memory of bytes that have it for themselves', () => {
    const bytes = Buffer.allocUnsafeSlow(20_000);
    freeBytes(bytes);
    expect(bytes.buffer.byteLength).toBe(0);
  });

  it.each([
    ['share it with others', Buffer.allocUnsafeSlow(40_000).subarray(0, 20_000)],
    ['are a few', Buffer.allocUnsafeSlow(2_000)],
    ['lie in shared memory', new Uint8Array(new SharedArrayBuffer(20_000))],
  ])('leaves alone those that %s', (_, bytes) => {
    const { byteLength } = bytes.buffer;
    freeBytes(bytes);
    expect(bytes.buffer.byteLength).toBe(byteLength);
  });
});
