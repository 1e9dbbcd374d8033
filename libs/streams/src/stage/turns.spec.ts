import { createTurns } from './turns';

describe('createTurns', () => {
  it('lets so many work at once, the others in order, and goes on after one that fails', async () => {
    const turn = createTurns(2);
    const begun: number[] = [];
    const end: (() => void)[] = [];
    const results = [0, 1, 2, 3].map((n) =>
      turn(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => (end[n] = resolve));
        if (n === 0) throw new Error('failed');
        return n;
      }),
    );
    const settled = Promise.allSettled(results);
    expect(begun).toEqual([0, 1]);
    end[1]?.();
    await results[1];
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    end[0]?.();
    await expect(results[0]).rejects.toThrow('failed');
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2, 3]);
    end[2]?.();
    end[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(await turn(async () => 'free again')).toBe('free again');
  });
});
