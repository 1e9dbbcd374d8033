import type { LogFields, Logger } from './logger';
import { rateLimited } from './rate-limited';

function setup(options: { everyMs?: number; maxKeys?: number } = {}) {
  const lines: [string, LogFields | undefined][] = [];
  const write = (message: string, fields?: LogFields) => void lines.push([message, fields]);
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
  const clock = { now: 0 };
  return { lines, clock, quiet: rateLimited(log, { everyMs: 1000, ...options, now: () => clock.now }) };
}

describe('rateLimited', () => {
  it('writes the first at once, then one per interval with the count of those held back', () => {
    const { quiet, lines, clock } = setup();
    for (clock.now = 0; clock.now < 3000; clock.now += 10) quiet.warn('bad-bar', 'bad bar', { symbol: 'SPY' });
    expect(lines).toEqual([
      ['bad bar', { symbol: 'SPY' }],
      ['bad bar', { symbol: 'SPY', suppressed: 99 }],
      ['bad bar', { symbol: 'SPY', suppressed: 99 }],
    ]);
  });

  it('keeps keys and levels apart', () => {
    const { quiet, lines } = setup();
    quiet.warn('a', '1');
    quiet.warn('b', '2');
    quiet.error('a', '3');
    quiet.info('a', '4');
    quiet.debug('a', '5');
    quiet.warn('a', 'held back');
    expect(lines.map(([message]) => message)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('remembers a bounded number of keys', () => {
    const { quiet, lines } = setup({ maxKeys: 2 });
    for (const key of ['a', 'b', 'c', 'a']) quiet.warn(key, key);
    quiet.warn('c', 'held back');
    expect(lines.map(([message]) => message)).toEqual(['a', 'b', 'c', 'a']);
  });
});
