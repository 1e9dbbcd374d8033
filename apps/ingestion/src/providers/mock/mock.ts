import { fragment, integer, variable, type Kind } from '@wagehood/config';
import { openTimeOf, TIMEFRAMES, timeframeMs, type Timeframe } from '@wagehood/market';
import { defineProvider, type FeedBar, type FeedRequest, type HistoryRange, type ProviderContext } from '../provider';
import { speed, type Speed } from '../speed';
import { createCorrections, sayCorrections, type Corrections } from './corrections';
import { generate, type Plan } from './generate';
import { followClock } from './follow-clock';

const HISTORY_CHUNK = 500;
const day: Kind<number> = {
  expected: 'a time such as 2026-01-05 or 2026-01-05T00:00:00Z',
  parse: (text) => {
    const time = Date.parse(text);
    return Number.isNaN(time) ? undefined : time;
  },
};

const env = fragment({
  seed: variable('MOCK_SEED', integer(0, 4_294_967_295), 'same seed, same prices', 42),
  speed: variable('MOCK_SPEED', speed, 'how fast simulated time runs', { kind: 'factor', factor: 1 } as Speed),
  limit: variable('MOCK_BARS', integer(0, 1e12), 'bars per symbol after which the data ends; 0 = never', 0),
  corrections: variable(
    'MOCK_CORRECTIONS',
    integer(0, 1_000_000),
    'one of so many bars is corrected a few bars later; 0 = none',
    0,
  ),
  startAt: variable('MOCK_START', day, 'first bar when MOCK_SPEED is not realtime', Date.UTC(2026, 0, 5)),
});

/** Invented markets: any symbol, at any time, from a seed. A restart finds the very same prices again. */
export const mock = defineProvider({
  name: 'mock',
  title: 'Invented prices from a seed',
  env,
  create(settings, context) {
    const { seed, speed, limit, startAt, corrections: every } = settings;
    const correctionsOf = (symbol: string, wanted: Timeframe) => createCorrections(seed, symbol, wanted, every);
    const timeframe = largestTimeframe(context.updateIntervalMs);
    const realtime = speed.kind === 'factor' && speed.factor === 1;
    const start = openTimeOf(realtime ? context.now() : startAt, timeframe);
    const plan: Plan = { seed, timeframe, start, end: limit > 0 ? start + limit * timeframeMs(timeframe) : Infinity };
    const clock = speed.kind === 'max' ? null : simulatedClock(speed, plan, context);
    return {
      name: 'mock',
      resumes: !realtime,
      feedTimeframe: async () => timeframe,
      history: (symbol, wanted, range) =>
        pastBars(correctionsOf(symbol, wanted), wanted, range, realtime ? context.now() : null, start),
      subscribe(feeds, take, signal) {
        const onBars = every === 0 ? take : sayCorrections(feeds, correctionsOf, take);
        if (clock === null) return generate(plan, feeds, onBars, signal);
        return followClock(plan, { ...clock(feeds), feeds, onBars, signal });
      },
    };
  },
});

/** The largest timeframe that is not longer than the update interval, but at least one second. */
function largestTimeframe(updateIntervalMs: number): Timeframe {
  return TIMEFRAMES.findLast((timeframe) => timeframeMs(timeframe) <= updateIntervalMs) ?? '1s';
}

/** Simulated time starts with the first subscription, behind what that one already has, and is the same for all others. */
function simulatedClock(speed: Exclude<Speed, { kind: 'max' }>, { timeframe, start }: Plan, context: ProviderContext) {
  const spanMs = timeframeMs(timeframe);
  const factor = speed.kind === 'factor' ? speed.factor : (speed.perSecond * spanMs) / 1000;
  const realtime = speed.kind === 'factor' && factor === 1;
  const intervalMs = realtime ? context.updateIntervalMs : spanMs;
  let origin: { readonly real: number; readonly simulated: number } | null = null;
  return (feeds: readonly FeedRequest[]) => {
    const resumeAt = Math.max(start, ...feeds.map(({ after }) => (after === null ? start : after + spanMs)));
    const { real, simulated } = (origin ??= { real: context.now(), simulated: resumeAt });
    const now = realtime ? context.now : () => simulated + (context.now() - real) * factor;
    return { now, factor, intervalMs };
  };
}

/** `now` null: simulated time, where all that `from`–`to` asks for exists and the last bars are those before `start`. */
async function* pastBars(
  corrections: Corrections,
  timeframe: Timeframe,
  range: HistoryRange,
  now: number | null,
  start: number,
): AsyncGenerator<readonly FeedBar[]> {
  const spanMs = timeframeMs(timeframe);
  const closed = openTimeOf(now ?? start, timeframe);
  const to = 'bars' in range ? closed : now === null ? range.to : Math.min(closed, range.to);
  const from = 'bars' in range ? to - range.bars * spanMs : openTimeOf(range.from + spanMs - 1, timeframe);
  const newest = openTimeOf(to - 1, timeframe);
  for (let time = from; time < to;) {
    const chunk: FeedBar[] = [];
    for (; time < to && chunk.length < HISTORY_CHUNK; time += spanMs) chunk.push(corrections.known(time, newest));
    yield chunk;
  }
}
