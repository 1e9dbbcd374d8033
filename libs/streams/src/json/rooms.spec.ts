import { JsonWriter } from './json-writer';
import { rooms } from './rooms';

describe('rooms', () => {
  it('are written into again when they were given back, and not before', () => {
    const first = rooms.take(20_000);
    expect(rooms.take(20_000).buffer).not.toBe(first.buffer);
    rooms.give(first.subarray(0, 100));
    expect(rooms.take(40_000).buffer).not.toBe(first.buffer);
    const again = rooms.take(30_000);
    expect(again.buffer).toBe(first.buffer);
    expect(again.length).toBeGreaterThanOrEqual(30_000);
  });

  it('are never those of small buffers, which others use too', () => {
    const small = Buffer.from('small');
    rooms.give(small);
    rooms.give(Buffer.alloc(1_000));
    expect(rooms.take(20_000).buffer === small.buffer).toBe(false);
  });

  it('are never the pool that small buffers lie in, however large the runtime makes it', () => {
    const usual = Buffer.poolSize;
    Buffer.poolSize = 2 ** 16; // as Node 24 does
    try {
      let small = rooms.take(10_000);
      // The first ones may still lie in a pool of the size before.
      for (let i = 0; i < 100 && (small.byteOffset !== 0 || small.buffer.byteLength < 2 ** 16); i++)
        small = rooms.take(10_000);
      expect([small.byteOffset, small.buffer.byteLength]).toEqual([0, 2 ** 16]);
      rooms.give(small);
      expect(rooms.take(2 ** 16).buffer === small.buffer).toBe(false);
    } finally {
      Buffer.poolSize = usual;
    }
  });

  it('are given back once', () => {
    const room = rooms.take(20_000);
    rooms.give(room);
    rooms.give(room);
    expect(rooms.take(20_000).buffer === rooms.take(20_000).buffer).toBe(false);
  });

  it('make place for what is given back when they are full of other sizes', () => {
    for (const room of Array.from({ length: 2_000 }, () => rooms.take(40_000))) rooms.give(room);
    const wanted = rooms.take(8 * 2 ** 20);
    rooms.give(wanted);
    expect(rooms.take(8 * 2 ** 20).buffer === wanted.buffer).toBe(true);
  });

  it('keep the sizes that are asked for when they are full of another one', () => {
    const wanted = Array.from({ length: 8 }, () => rooms.take(100_000));
    for (const room of wanted) rooms.give(room);
    for (const room of Array.from({ length: 2_000 }, () => rooms.take(40_000))) rooms.give(room);
    const again = new Set(wanted.map(() => rooms.take(100_000).buffer));
    expect(wanted.filter(({ buffer }) => again.has(buffer))).toHaveLength(8);
  });

  it('of a text that was ended is not taken for another one, and of one that hardly needs it goes back', () => {
    const ended = (words: number) => {
      const writer = new JsonWriter(1 << 20);
      for (let i = 0; i < words; i++) writer.text('word');
      return writer.end();
    };
    const [large, small] = [ended(100_000), ended(10_000)];
    expect([large.toString(), small.toString()]).toEqual(['word'.repeat(100_000), 'word'.repeat(10_000)]);
    expect([large.buffer.byteLength, small.buffer.byteLength]).toEqual([1 << 20, 1 << 16]);
    const free = rooms.take(1 << 20); // that of the small one
    expect(free.buffer === large.buffer).toBe(false);
    rooms.give(large);
    expect(rooms.take(1 << 20).buffer === large.buffer).toBe(true);
  });

  it('keep what a writer has written until it is given back', () => {
    const writer = new JsonWriter();
    const write = (word: string): Buffer => {
      for (let i = 0; i < 10_000; i++) writer.text(word);
      return writer.take();
    };
    const [a, b] = [write('aaaa'), write('bbbb')];
    expect(a.toString()).toBe('aaaa'.repeat(10_000));
    rooms.give(a);
    write('cccc');
    write('dddd');
    expect(b.toString()).toBe('bbbb'.repeat(10_000));
  });
});
