import { firstDifference } from './first-difference';

describe('firstDifference', () => {
  it('finds none between equal messages, whatever the order of their fields', () => {
    expect(firstDifference('x', [{ a: 1, b: { c: 0 } }], [{ b: { c: -0 }, a: 1 }])).toBeNull();
    expect(firstDifference('x', [{ a: undefined, b: 1 }], [{ b: 1 }])).toBeNull();
  });

  it.each([
    ['the last bit of a number', [0.1 + 0.2], [0.3]],
    ['a missing message', [1], [1, 2]],
    ['a message too many', [1, 2], [1]],
    ['two that changed places', [1, 2], [2, 1]],
    ['null for a number', [{ a: null }], [{ a: 0 }]],
  ])('names %s', (_what, actual, expected) => {
    expect(firstDifference('x', actual, expected)).toMatch(/^x: number \d of \d/);
  });
});
