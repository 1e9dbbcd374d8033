import { until } from '@wagehood/testing';
import { createBreaker, isBreakerOpen, type BreakerState } from './breaker';

describe('createBreaker', () => {
  it('opens after repeated failures, lets one call through later, and closes on success', async () => {
    let broken = true;
    const calls: string[] = [];
    const states: BreakerState[] = [];
    const breaker = createBreaker(
      async (what: string) => {
        calls.push(what);
        if (broken) throw new Error('down');
        return `${what}!`;
      },
      { name: 'yahoo', resetMs: 30, volumeThreshold: 3, onState: (state) => states.push(state) },
    );
    for (let n = 0; n < 3; n += 1) await expect(breaker.fire('a')).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
    const refused = await breaker.fire('b').catch((error: unknown) => error);
    expect(isBreakerOpen(refused)).toBe(true);
    expect(calls).toEqual(['a', 'a', 'a']);

    broken = false;
    await until(() => breaker.state === 'half-open');
    expect(await breaker.fire('c')).toBe('c!');
    expect(breaker.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    breaker.shutdown();
  });

  it('takes no offence at errors that are the caller’s own', async () => {
    const breaker = createBreaker(
      async () => Promise.reject(Object.assign(new Error('bad request'), { status: 400 })),
      {
        name: 'hook',
        volumeThreshold: 1,
        ignore: (error) => (error as { status?: number }).status === 400,
      },
    );
    for (let n = 0; n < 10; n += 1) await breaker.fire().catch(() => undefined);
    expect(breaker.state).toBe('closed');
    breaker.shutdown();
  });

  it('gives up on a call that takes too long', async () => {
    const breaker = createBreaker(() => new Promise<void>(() => undefined), { name: 'slow', timeoutMs: 10 });
    await expect(breaker.fire()).rejects.toThrow('Timed out after 10ms');
    breaker.shutdown();
  });

  it('isBreakerOpen knows other errors', () => {
    expect(isBreakerOpen(new Error('x'))).toBe(false);
    expect(isBreakerOpen(null)).toBe(false);
  });
});
