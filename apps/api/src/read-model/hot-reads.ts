import type { Timeframe } from '@wagehood/market';
import type { CalculationEvent, Signal, SignalsQuery } from '@wagehood/contracts';
import type { Ask } from '../http/known-urls';
import { serialise, type Answer } from '../http/send';
import type { ConfigView } from './config-view';
import { Sight } from './expiry';
import { HeldValues } from './held-values';
import { KeptAnswer } from './kept-answer';
import type { LiveMarket } from './live-market';
import { viewLatestSeries, viewSeries, viewSignal, type Viewing } from './views';

/** Signals looked through when a filter is given. */
const MAX_SIGNALS = 1_000;
/** Even signals that did not change are read again after this long. */
const BELIEVED_MS = 10_000;

/**
 * The answers of the routes that are asked all the time. Each function is called once per URL and configuration; what it returns
 * gives the answer of the moment, serialised once for as long as it stays the same.
 */
export interface HotReads {
  indicators(config: ConfigView, symbol: string, timeframe: Timeframe | undefined): Ask;
  latest(config: ConfigView, symbol: string, timeframe: Timeframe | undefined): Ask;
  signals(config: ConfigView, symbol: string, query: SignalsQuery): Ask;
}

export interface HotReadsOptions {
  readonly market: Pick<LiveMarket, 'latest' | 'signals' | 'signalsMark'>;
  /** Is told how many bytes more (or less) are kept. */
  readonly weigh: (bytes: number) => void;
  readonly nowMs?: () => number;
}

type View = (event: CalculationEvent, viewing: Viewing) => object;

const answerOf = (value: unknown): Answer => ({ status: 200, body: serialise(value) });

export function createHotReads({ market, weigh, nowMs = Date.now }: HotReadsOptions): HotReads {
  const held = new HeldValues();

  const series = (view: View, config: ConfigView, symbol: string, timeframe: Timeframe | undefined): Ask => {
    const { indicators, frequencies } = config;
    const kept = new KeptAnswer(weigh);
    const answer = (events: readonly CalculationEvent[]): Answer => {
      const sight = new Sight(nowMs());
      const known = kept.of(events, sight.nowMs);
      if (known) return known;
      const shown = timeframe ? events.filter((event) => event.timeframe === timeframe) : events;
      const viewed = shown.map((event) => view(event, { indicators, frequencies, held, sight }));
      return kept.keep(events, answerOf({ symbol, series: viewed }), sight.untilMs);
    };
    return () => {
      const events = market.latest(symbol);
      return events instanceof Promise ? events.then(answer) : answer(events);
    };
  };

  const signals = ({ frequencies }: ConfigView, symbol: string, query: SignalsQuery): Ask => {
    const kept = new KeptAnswer(weigh);
    let reading: { readonly mark: number; readonly answer: Promise<Answer> } | null = null;
    const read = async (mark: number): Promise<Answer> => {
      const stored = await market.signals(symbol, isFiltered(query) ? MAX_SIGNALS : query.limit);
      const sight = new Sight(nowMs());
      const shown = stored.filter((signal) => passes(signal, query)).slice(0, query.limit);
      const viewed = shown.map((signal) => viewSignal(signal, frequencies, sight));
      return kept.keep(mark, answerOf({ symbol, signals: viewed }), Math.min(sight.untilMs, sight.nowMs + BELIEVED_MS));
    };
    return () => {
      const mark = market.signalsMark(symbol);
      const known = kept.of(mark, nowMs());
      if (known) return known;
      if (reading?.mark === mark) return reading.answer;
      const mine = { mark, answer: read(mark).finally(() => reading === mine && (reading = null)) };
      reading = mine;
      return mine.answer;
    };
  };

  return {
    indicators: (...asked) => series(viewSeries, ...asked),
    latest: (...asked) => series(viewLatestSeries, ...asked),
    signals,
  };
}

const isFiltered = ({ timeframe, strategy, side, min_confidence: min }: SignalsQuery): boolean =>
  timeframe !== undefined || strategy !== undefined || side !== undefined || min !== undefined;

const passes = (signal: Signal, { timeframe, strategy, side, min_confidence: min }: SignalsQuery): boolean =>
  (!timeframe || signal.timeframe === timeframe) &&
  (!strategy || strategy.includes(signal.strategy)) &&
  (!side || signal.side === side) &&
  signal.confidence >= (min ?? 0);
