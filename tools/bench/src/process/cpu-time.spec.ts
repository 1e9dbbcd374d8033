import { cpuTimeMs, parsePsTime, parseStat } from './cpu-time';

describe('cpu time', () => {
  it('sums up user and system time of the process and its ended children', () => {
    const stat = '42 (a (strange) name) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 3 20 0 11 0 1 1 1';
    expect(parseStat(stat)).toBe(3_100);
  });

  it('reads what ps prints', () => {
    expect(parsePsTime('  1:02.50\n')).toBe(62_500);
    expect(parsePsTime('2-01:00:00')).toBe(49 * 3_600_000);
  });

  it('sees our own process at work', async () => {
    const before = await cpuTimeMs(process.pid);
    const until = performance.now() + 60;
    while (performance.now() < until) Math.sqrt(2);
    expect(await cpuTimeMs(process.pid)).toBeGreaterThan(before);
  });
});
