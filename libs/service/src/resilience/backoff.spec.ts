import fc from 'fast-check';
import { backoffMs, createBackoff } from './backoff';

describe('backoffMs', () => {
  it('doubles up to its limit, with half of it left to chance', () => {
    const delays = (random: number) =>
      [0, 1, 2, 3, 4, 100].map((attempt) => backoffMs(attempt, { minMs: 100, maxMs: 1000, random: () => random }));
    expect(delays(0)).toEqual([50, 100, 200, 400, 500, 500]);
    expect(delays(0.999999)).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('is always within its bounds', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 1e4 }), fc.nat(1e6), (attempt, minMs, more) => {
        const delayMs = backoffMs(attempt, { minMs, maxMs: minMs + more });
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(minMs / 2));
        expect(delayMs).toBeLessThanOrEqual(minMs + more);
      }),
    );
  });
});

describe('createBackoff', () => {
  it('counts attempts and forgets them after a success', async () => {
    const backoff = createBackoff({ minMs: 1, maxMs: 2 });
    await backoff.wait();
    await backoff.wait();
    expect(backoff.attempts).toBe(2);
    backoff.reset();
    expect(backoff.attempts).toBe(0);
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const waiting = createBackoff({ minMs: 60_000, maxMs: 60_000 }).wait(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});
