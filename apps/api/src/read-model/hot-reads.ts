import type { Timeframe } from '@wagehood/market';
import type { CalculationEvent, SignalsQuery } from '@wagehood/contracts';
import { serialise } from '../http/send';
import type { ConfigView } from './config-view';
import { HeldValues } from './held-values';
import type { MarketReader } from './market-reader';
import { MicroCache } from './micro-cache';
import { viewLatestSeries, viewSeries, viewSignal, type Viewing } from './views';

/** A body is served for this long before it is read again. */
const FRESH_MS = 100;
const MAX_BODIES = 20_000;
/** Signals looked through when a filter is given. */
const MAX_SIGNALS = 1_000;

type Body = Buffer | Promise<Buffer>;

/** The bodies of the routes that are asked all the time, serialised once for everybody who asks within a moment. */
export interface HotReads {
  indicators(config: ConfigView, symbol: string, timeframe: Timeframe | undefined): Body;
  latest(config: ConfigView, symbol: string, timeframe: Timeframe | undefined): Body;
  signals(config: ConfigView, symbol: string, query: SignalsQuery): Body;
}

export function createHotReads(market: MarketReader, nowMs: () => number = Date.now): HotReads {
  const bodies = new MicroCache<Buffer>(FRESH_MS, MAX_BODIES);
  const held = new HeldValues();

  const series = (
    name: string,
    config: ConfigView,
    symbol: string,
    timeframe: Timeframe | undefined,
    view: (event: CalculationEvent, viewing: Viewing) => object,
  ): Body =>
    bodies.get(`${name} ${config.version} ${symbol} ${timeframe ?? ''}`, async () => {
      const { indicators, frequencies } = config;
      const viewing: Viewing = { indicators, frequencies, held, nowMs: nowMs() };
      const events = (await market.latest(symbol)).filter((event) => !timeframe || event.timeframe === timeframe);
      return serialise({ symbol, series: events.map((event) => view(event, viewing)) });
    });

  return {
    indicators: (config, symbol, timeframe) => series('indicators', config, symbol, timeframe, viewSeries),
    latest: (config, symbol, timeframe) => series('latest', config, symbol, timeframe, viewLatestSeries),
    signals: (config, symbol, query) =>
      bodies.get(`signals ${config.version} ${symbol} ${JSON.stringify(query)}`, async () => {
        const signals = (await market.signals(symbol, isFiltered(query) ? MAX_SIGNALS : query.limit))
          .filter(
            (signal) =>
              (!query.timeframe || signal.timeframe === query.timeframe) &&
              (!query.strategy || query.strategy.includes(signal.strategy)) &&
              (!query.side || signal.side === query.side) &&
              signal.confidence >= (query.min_confidence ?? 0),
          )
          .slice(0, query.limit);
        return serialise({ symbol, signals: signals.map((signal) => viewSignal(signal, config.frequencies, nowMs())) });
      }),
  };
}

const isFiltered = ({ timeframe, strategy, side, min_confidence: min }: SignalsQuery): boolean =>
  timeframe !== undefined || strategy !== undefined || side !== undefined || min !== undefined;
