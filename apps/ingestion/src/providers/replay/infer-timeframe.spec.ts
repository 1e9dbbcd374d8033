import { guessTimeframe } from './infer-timeframe';

const infer = (times: readonly number[]) => {
  const guess = guessTimeframe();
  for (const time of times) guess.add(time);
  return guess.result();
};
const DAY = 86_400_000;

describe('guessTimeframe', () => {
  it('is not misled by weekends, broken rows and repeated times', () => {
    const days = [0, 1, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 13.5, 15].map((day) => day * DAY);
    expect(infer(days)).toBe('1d');
  });

  it('takes the longest timeframe that fits', () => {
    expect(infer([0, 60_000, 120_000])).toBe('1m');
    expect(infer([0, 10_000, 20_000])).toBe('5s');
  });

  it('does not know before it has seen two times', () => expect(infer([5])).toBeNull());
});
