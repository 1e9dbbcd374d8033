import { inTime } from './in-time';

describe('in time', () => {
  it('gives what comes in time, and the error that comes in time', async () => {
    expect(await inTime(10_000, Promise.resolve(7))).toBe(7);
    await expect(inTime(10_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('says when it takes longer', async () => {
    expect(await inTime(1, new Promise(() => undefined))).toBe('late');
  });
});
