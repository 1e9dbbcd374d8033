import { timeframeMs, type Timeframe } from './timeframe';

/** Opening hours of a market, as people write them. */
export interface Session {
  /** IANA name, e.g. `America/New_York`. */
  readonly timezone: string;
  /** ISO days of the week on which it opens, 1 = Monday. */
  readonly days: readonly number[];
  /** Times of day in its timezone, `09:30`; a session that closes at or before its opening runs past midnight. */
  readonly open: string;
  readonly close: string;
  /** Days without trading, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

/** Tells when bars are to be expected. */
export interface SessionClock {
  /** Whether a bar of this timeframe that opens at `openTime` is to be expected: days count as a whole, weeks always do. */
  expects(openTime: number, timeframe: Timeframe): boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A market that never closes. */
export const aroundTheClock: SessionClock = Object.freeze({ expects: () => true });

/** The clock of a session. Throws a RangeError when the timezone is unknown. */
export function createSessionClock(session: Session): SessionClock {
  const offsetAt = createOffset(session.timezone);
  const [open, close] = [minuteOf(session.open), minuteOf(session.close)];
  const days = new Set(session.days);
  const holidays = new Set(session.holidays);
  const trades = (day: number) =>
    days.has(isoDay(day)) && !holidays.has(new Date(day * DAY).toISOString().slice(0, 10));
  const isOpen = (time: number) => {
    const local = time + offsetAt(time);
    const day = Math.floor(local / DAY);
    const minute = Math.floor((local - day * DAY) / MINUTE);
    if (open < close) return minute >= open && minute < close && trades(day);
    return (minute >= open && trades(day)) || (minute < close && trades(day - 1));
  };
  return Object.freeze({
    expects(openTime: number, timeframe: Timeframe) {
      const span = timeframeMs(timeframe);
      if (span < DAY) return isOpen(openTime) || isOpen(openTime + span - 1);
      return span > DAY || trades(Math.floor(openTime / DAY));
    },
  });
}

/** 1 = Monday … 7 = Sunday; day 0 of the epoch was a Thursday. */
function isoDay(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
}

/** Milliseconds to add to UTC for local time. Asked of Intl once per hour: clocks change on the hour. */
function createOffset(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (time) => {
    const hour = Math.floor(time / HOUR);
    let offset = known.get(hour);
    if (offset === undefined) {
      offset = parseOffset(
        format.formatToParts(hour * HOUR).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT',
      );
      if (known.size > 1000) known.clear();
      known.set(hour, offset);
    }
    return offset;
  };
}

/** `GMT-05:00` in milliseconds; `GMT` is 0. */
function parseOffset(name: string): number {
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  if (match === null) return 0;
  const [, sign, hours, minutes, seconds] = match;
  const offset = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds ?? 0) * 1000;
  return sign === '-' ? -offset : offset;
}
