import { gapBetween } from './gap';
import { aroundTheClock, createSessionClock } from './session';

const at = (time: string) => Date.parse(time);
const newYork = createSessionClock({
  timezone: 'America/New_York',
  days: [1, 2, 3, 4, 5],
  open: '09:30',
  close: '16:00',
  holidays: ['2026-11-26'],
});
const futures = createSessionClock({
  timezone: 'America/Chicago',
  days: [7, 1, 2, 3, 4],
  open: '17:00',
  close: '16:00',
  holidays: [],
});

describe('a gap', () => {
  it('is what is missing between two bars of a market that never closes', () => {
    expect(gapBetween(0, 60_000, '1m')).toBeNull();
    expect(gapBetween(60_000, 60_000, '1m')).toBeNull();
    expect(gapBetween(120_000, 60_000, '1m')).toBeNull();
    expect(gapBetween(0, 240_000, '1m')).toEqual({ from: 60_000, to: 240_000, bars: 3 });
    expect(gapBetween(0, 240_000, '1m', aroundTheClock)?.bars).toBe(3);
  });

  it('is not the night, the weekend or a holiday', () => {
    expect(gapBetween(at('2026-11-20T20:59:00Z'), at('2026-11-23T14:30:00Z'), '1m', newYork)).toBeNull();
    expect(gapBetween(at('2026-11-25T20:59:00Z'), at('2026-11-27T14:30:00Z'), '1m', newYork)).toBeNull();
    expect(gapBetween(at('2026-11-25T00:00:00Z'), at('2026-11-27T00:00:00Z'), '1d', newYork)).toBeNull();
    expect(gapBetween(at('2026-11-20T00:00:00Z'), at('2026-11-23T00:00:00Z'), '1d', newYork)).toBeNull();
  });

  it('is the missing part of a session around a night', () => {
    expect(gapBetween(at('2026-11-19T20:57:00Z'), at('2026-11-20T14:32:00Z'), '1m', newYork)).toEqual({
      from: at('2026-11-19T20:58:00Z'),
      to: at('2026-11-20T14:32:00Z'),
      bars: 4,
    });
    expect(gapBetween(at('2026-11-18T00:00:00Z'), at('2026-11-20T00:00:00Z'), '1d', newYork)?.bars).toBe(1);
  });

  it('follows the clocks of its timezone through the seasons', () => {
    expect([
      newYork.expects(at('2026-07-01T13:30:00Z'), '1m'),
      newYork.expects(at('2026-12-01T13:30:00Z'), '1m'),
    ]).toEqual([true, false]);
    expect(newYork.expects(at('2026-12-01T14:30:00Z'), '1m')).toBe(true);
    expect(gapBetween(at('2026-10-30T19:59:00Z'), at('2026-11-02T14:30:00Z'), '1m', newYork)).toBeNull();
  });

  it('knows sessions that run past midnight', () => {
    expect(futures.expects(at('2026-11-22T23:00:00Z'), '1m')).toBe(true);
    expect(futures.expects(at('2026-11-22T22:59:00Z'), '1m')).toBe(false);
    expect(futures.expects(at('2026-11-23T08:00:00Z'), '1m')).toBe(true);
    expect(futures.expects(at('2026-11-20T21:59:00Z'), '1m')).toBe(true);
    expect(futures.expects(at('2026-11-20T23:30:00Z'), '1m')).toBe(false);
  });

  it('counts a bar that reaches into the session, and every week', () => {
    expect(newYork.expects(at('2026-11-20T14:00:00Z'), '1h')).toBe(true);
    expect(newYork.expects(at('2026-11-20T13:00:00Z'), '1h')).toBe(false);
    expect(newYork.expects(at('2026-11-23T00:00:00Z'), '1w')).toBe(true);
  });

  it('cannot be told in an unknown timezone', () => {
    expect(() =>
      createSessionClock({ timezone: 'Mars/Olympus', days: [1], open: '09:00', close: '17:00', holidays: [] }),
    ).toThrow(RangeError);
  });
});
