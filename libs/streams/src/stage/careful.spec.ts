import { culpritsOf, formatProbe } from './careful';

describe('probe', () => {
  it('tells the next owner which items have killed: those known before and the one that was touched last', () => {
    expect(culpritsOf(formatProbe({ offset: 7, culprits: [], current: 3 }))).toEqual({ offset: 7, culprits: [3] });
    expect(culpritsOf(formatProbe({ offset: 7, culprits: [3, 9], current: 12 }))).toEqual({
      offset: 7,
      culprits: [3, 9, 12],
    });
  });

  it('accuses nobody when its owner died after all items had survived', () => {
    expect(culpritsOf(formatProbe({ offset: 7, culprits: [], current: null }))).toEqual({ offset: 7, culprits: [] });
    expect(culpritsOf(formatProbe({ offset: 7, culprits: [3], current: null }))).toEqual({ offset: 7, culprits: [3] });
  });

  it('says nothing when nothing was left', () => {
    expect(culpritsOf('')).toBeNull();
  });
});
