import { aroundTheClock, type SessionClock } from './session';
import { timeframeMs, type Timeframe } from './timeframe';

/** Bars that should have come and did not: the first missing one, and the bar that came instead. */
export interface Gap {
  /** Open time of the first missing bar. */
  readonly from: number;
  /** Open time of the bar behind the gap; it is not missing. */
  readonly to: number;
  /** How many bars are missing. */
  readonly bars: number;
}

/** The bars missing between two successive bars of a series, or null. Bars of a closed market are not missing. */
export function gapBetween(
  previousOpenTime: number,
  openTime: number,
  timeframe: Timeframe,
  clock: SessionClock = aroundTheClock,
): Gap | null {
  const span = timeframeMs(timeframe);
  const first = previousOpenTime + span;
  if (first >= openTime) return null;
  if (clock === aroundTheClock) return { from: first, to: openTime, bars: Math.ceil((openTime - first) / span) };
  let from = openTime;
  let bars = 0;
  for (let time = first; time < openTime; time += span) {
    if (!clock.expects(time, timeframe)) continue;
    if (bars === 0) from = time;
    bars += 1;
  }
  return bars === 0 ? null : { from, to: openTime, bars };
}
