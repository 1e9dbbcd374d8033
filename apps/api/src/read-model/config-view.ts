import type { Settings, WatchlistEntry } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import { TIMEFRAMES, timeframeMs, type Timeframe } from '@wagehood/market';
import { frequenciesOf, type Frequencies } from './frequencies';

/** The configuration as questions of clients need it; made once per version. */
export interface ConfigView {
  readonly version: number;
  readonly settings: Settings;
  /** Every watched symbol, sorted. */
  readonly symbols: readonly string[];
  /** Names of the enabled indicators and strategies, in the order of the settings. */
  readonly indicators: readonly string[];
  readonly strategies: readonly string[];
  readonly frequencies: Frequencies;
  entry(symbol: string): WatchlistEntry | undefined;
}

export function createConfigView({ version, settings }: Pick<ControlDocument, 'version' | 'settings'>): ConfigView {
  const entries = new Map(settings.watchlist.map((entry) => [entry.symbol, entry]));
  const enabledNames = (list: readonly { name: string; enabled: boolean }[]): string[] =>
    list.filter(({ enabled }) => enabled).map(({ name }) => name);
  return {
    version,
    settings,
    symbols: [...entries.keys()].sort(),
    indicators: enabledNames(settings.indicators),
    strategies: enabledNames(settings.strategies),
    frequencies: frequenciesOf(settings),
    entry: (symbol) => entries.get(symbol),
  };
}

/** The timeframes that a symbol will have; one whose entry names none has that of its feed, as far as we can tell. */
export function plannedTimeframes(
  { settings, entry }: ConfigView,
  symbol: string,
): readonly [Timeframe, ...Timeframe[]] {
  const [first, ...rest] = entry(symbol)?.timeframes ?? [];
  if (first) return [first, ...rest];
  const intervalMs = settings.system.data_update_interval_seconds * 1_000;
  return [TIMEFRAMES.findLast((timeframe) => timeframeMs(timeframe) <= intervalMs) ?? '1s'];
}
