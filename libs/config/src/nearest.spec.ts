import fc from 'fast-check';
import { editDistance, nearest } from './nearest';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['REDIS_HSOT', 'REDIS_HOST', 1],
    ['ca', 'abc', 3],
  ])('%s → %s takes %d', (a, b, edits) => expect(editDistance(a, b)).toBe(edits));

  it('is symmetric, zero for equal words alone, and no longer than the longer word', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  const known = ['enabled', 'parameters', 'name'];
  it.each([
    ['enable', 'enabled'],
    ['paramters', 'parameters'],
    ['nmae', 'name'],
    ['colour', null],
    ['', null],
  ])('%s means %s', (word, meant) => expect(nearest(word, known)).toBe(meant));
});
