import fc from 'fast-check';
import { createBarMaker, type MadeBar } from './bar-maker';
import { FinalBars, type Track } from './final-bars';

const START = Date.UTC(2026, 0, 5);
const SECOND = 1_000;

function allOf(tracks: readonly Track[], end: number): MadeBar[] {
  const bars = new FinalBars(7, '1s', tracks, end);
  const all: MadeBar[] = [];
  for (let bar = bars.next(); bar; bar = bars.next()) all.push(bar);
  expect(bars.next()).toBeNull();
  return all;
}

describe('FinalBars', () => {
  it('are those that each symbol has, one open time after the other, whenever each begins', () => {
    const begins = fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'B', 'C', 'D'), fc.integer({ min: 0, max: 50 })), {
      selector: ([symbol]) => symbol,
    });
    fc.assert(
      fc.property(begins, fc.integer({ min: 0, max: 70 }), (some, seconds) => {
        const tracks = some.map(([symbol, from]) => ({ symbol, from: START + from * SECOND }));
        const expected: MadeBar[] = [];
        for (let time = START; time < START + seconds * SECOND; time += SECOND)
          for (const { symbol, from } of tracks)
            if (time >= from) expected.push(createBarMaker(7, symbol, '1s').final(time));
        expect(allOf(tracks, START + seconds * SECOND)).toEqual(expected);
      }),
    );
  });

  it('have no end without one', () => {
    const bars = new FinalBars(7, '1s', [{ symbol: 'A', from: START }]);
    for (let i = 0; i < 1_000; i++) expect(bars.next()).toMatchObject({ symbol: 'A', openTime: START + i * SECOND });
  });
});
