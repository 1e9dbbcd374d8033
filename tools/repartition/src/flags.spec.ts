import { readFlags } from './flags';

describe('readFlags', () => {
  it('reads what is asked for', () => {
    const asked = { to: 64, dryRun: false, abort: false, redisUrl: null };
    expect(readFlags(['--to', '64'])).toEqual(asked);
    expect(readFlags(['--to=64', '--dry-run'])).toEqual({ ...asked, dryRun: true });
    expect(readFlags(['--abort'])).toMatchObject({ abort: true });
    expect(readFlags(['--to', '64', '--redis-url', 'redis://h:1'])).toEqual({ ...asked, redisUrl: 'redis://h:1' });
    expect(readFlags(['-h'])).toBe('help');
  });

  it.each([
    [[], '--to is missing: the new number of partitions'],
    [['--to', '0'], '--to 0: 1 … 4096 is expected'],
    [['--to', '1.5'], '--to 1.5: 1 … 4096 is expected'],
    [['--to', '5000'], '--to 5000: 1 … 4096 is expected'],
    [['--to', '4', '--dry-run', '--abort'], '--dry-run and --abort exclude each other'],
    [['--from', '4'], "Unknown option '--from'"],
  ])('refuses %j', (words, line) => expect(() => readFlags(words)).toThrow(line));
});
