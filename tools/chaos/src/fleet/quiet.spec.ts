import { measure, samples } from './quiet';

const LIMIT_MS = 100;

describe('measure', () => {
  /** Takes these figures one after the other. @returns how many it has taken, what counts, and what was thrown away */
  async function taken(figures: readonly number[], { isBusy, hasTime }: { isBusy: boolean; hasTime: boolean }) {
    const into = samples({ hasTime: () => hasTime });
    let taken = 0;
    const take = async () => figures[taken++] as number;
    await measure('it', LIMIT_MS, into, take, async () => async () => isBusy);
    return { taken, good: into.good, discarded: into.discarded };
  }

  it('notes what is within the limit', async () => {
    expect(await taken([100], { isBusy: true, hasTime: false })).toEqual({ taken: 1, good: [100], discarded: 0 });
  });

  it('throws when a machine with a core to spare took longer', async () => {
    const longer = taken([101], { isBusy: false, hasTime: true });
    await expect(longer).rejects.toThrow('it took 101 ms, more than 100');
  });

  it('measures again what a busy machine may have made long, a few times', async () => {
    expect(await taken([300, 90], { isBusy: true, hasTime: true })).toEqual({ taken: 2, good: [90], discarded: 1 });
    expect(await taken([300, 300, 300], { isBusy: true, hasTime: true })).toEqual({ taken: 3, good: [], discarded: 3 });
  });

  it('does not measure again when the time is over', async () => {
    expect(await taken([300, 90], { isBusy: true, hasTime: false })).toEqual({ taken: 1, good: [], discarded: 1 });
  });
});
