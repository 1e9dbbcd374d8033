import { ReadSize } from './read-size';

describe('ReadSize', () => {
  const size = new ReadSize({ readEntries: 10, readBars: 2_000 });

  it('asks for one entry before it knows anything', () => {
    expect(size.entries).toBe(1);
  });

  it.each([
    [1, 500, 4],
    [4, 2_000, 4],
    [2, 10_000, 1],
    [10, 1_000, 10],
    [10, 10, 10],
    [3, 0, 10],
  ])('after %d entries of %d bars together asks for %d', (entries, bars, next) => {
    size.note(entries, bars);
    expect(size.entries).toBe(next);
  });
});
