import { formatProbe, isCulprit, strikesIn, type Strikes } from './careful';

const strikes = (...entries: [number, number][]): Strikes => new Map(entries);

describe('probe', () => {
  it('tells the next owner what was in hand at each death', () => {
    expect(strikesIn(formatProbe({ offset: 7, strikes: strikes(), current: 3 }))).toEqual({
      offset: 7,
      strikes: strikes([3, 1]),
    });
    expect(strikesIn(formatProbe({ offset: 7, strikes: strikes([3, 2], [9, 1]), current: 9 }))).toEqual({
      offset: 7,
      strikes: strikes([3, 2], [9, 2]),
    });
  });

  it('an item is guilty when it was in hand twice: once may be a kill that came by chance', () => {
    expect(isCulprit(strikes(), 3)).toBe(false);
    expect(isCulprit(strikes([3, 1]), 3)).toBe(false);
    expect(isCulprit(strikes([3, 2]), 3)).toBe(true);
    expect(isCulprit(strikes([3, 2]), 4)).toBe(false);
  });

  it('a kill by chance at another item each time accuses nobody', () => {
    let left = { offset: 7, strikes: strikes() };
    for (const current of [4, 0, 17, 3, 9]) {
      left = strikesIn(formatProbe({ ...left, current })) ?? left;
    }
    expect([...left.strikes.keys()].filter((index) => isCulprit(left.strikes, index))).toEqual([]);
  });

  it('holds nothing against an item when its owner died after all had survived', () => {
    expect(strikesIn(formatProbe({ offset: 7, strikes: strikes([3, 1]), current: null }))).toEqual({
      offset: 7,
      strikes: strikes([3, 1]),
    });
  });

  it('says nothing when nothing was left', () => {
    expect(strikesIn('')).toBeNull();
  });
});
