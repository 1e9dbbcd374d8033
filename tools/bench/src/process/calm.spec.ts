import { parseMachineStat, stolenShare, whileCalm } from './calm';

it('reads what the host took of the machine', () => {
  const before = parseMachineStat('cpu  100 0 50 800 10 0 5 35 7 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n');
  const after = parseMachineStat('cpu  150 0 70 850 10 0 5 55 9 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n');
  expect(before).toEqual({ all: 1_000, stolen: 35 });
  expect(stolenShare(before, after)).toBeCloseTo(20 / 140);
  expect(stolenShare(before, before)).toBe(0);
});

it('measures at most so many times', async () => {
  let measured = 0;
  const said: string[] = [];
  const value = await whileCalm(async () => ++measured, { attempts: 3, say: (text) => void said.push(text) });
  expect(value).toBeLessThanOrEqual(measured);
  expect(measured).toBeLessThanOrEqual(3);
  expect(said.length).toBeGreaterThanOrEqual(measured - 1);
});

it('takes what was disturbed least, and nothing more once all was calm', async () => {
  const measuring = (...stolen: readonly number[]) => {
    const looks = stolen.flatMap((share) => [
      { all: 0, stolen: 0 },
      { all: 100, stolen: share },
    ]);
    let measured = 0;
    const lookAtMachine = async () => looks.shift() ?? { all: 0, stolen: 0 };
    return whileCalm(async () => ++measured, { attempts: 3, say: () => undefined, lookAtMachine });
  };
  expect(await measuring(20, 8, 11)).toBe(2);
  expect(await measuring(20, 3, 0)).toBe(2);
  expect(await measuring(0, 0, 0)).toBe(1);
});
