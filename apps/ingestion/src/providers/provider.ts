import type { EnvFragment } from '@wagehood/config';
import type { Bar, Timeframe } from '@wagehood/market';

/** A bar as a provider hands it over: `isFinal: false` while it forms, `revision` ≥ 1 when it corrects an earlier final bar. */
export interface FeedBar extends Bar {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly isFinal: boolean;
  readonly revision?: number;
}

/** Takes bars into the pipeline. The promise resolves when there is room again: await it before handing over more. */
export type OnBars = (bars: readonly FeedBar[]) => Promise<void>;

/** Which final bars of the past are wanted: the last `bars` ones, or those with `from` ≤ open time < `to` (epoch ms). */
export type HistoryRange = { readonly bars: number } | { readonly from: number; readonly to: number };

/** One symbol to follow. `after` = open time (epoch ms) of the last bar that is already stored, null if there is none. */
export interface FeedRequest {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly after: number | null;
}

/** A source of market data. Bars of one symbol come in order; symbols may interleave in any way. */
export interface Provider {
  readonly name: string;
  /**
   * True for a recording or a simulation with a clock of its own: `subscribe` continues right behind `after`, however long
   * ago that was. False for a market: what happened while nobody listened has to be asked of `history`.
   */
  readonly resumes: boolean;
  /** The timeframe in which this provider delivers the symbol; null if it does not know the symbol. */
  feedTimeframe(symbol: string): Promise<Timeframe | null>;
  /** Final bars of the past, oldest first, in chunks. A provider that has none yields nothing. */
  history(symbol: string, timeframe: Timeframe, range: HistoryRange): AsyncIterable<readonly FeedBar[]>;
  /**
   * Follows the symbols until `signal` aborts (resolves), the data ends (resolves) or the source is lost (rejects; the
   * caller connects again with fresh `after` times). At most one `onBars` is in flight, and none after the abort.
   */
  subscribe(feeds: readonly FeedRequest[], onBars: OnBars, signal: AbortSignal): Promise<void>;
  /** Releases what the provider holds. Subscriptions have been aborted before. */
  close?(): Promise<void>;
}

/** What a provider is given besides its own settings. */
export interface ProviderContext {
  /** Time between two updates of one symbol, ms (DATA_UPDATE_INTERVAL). */
  readonly updateIntervalMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: ProviderLog;
  /** Counts input that the provider itself had to drop, by reason. */
  readonly reject: (reason: string, count?: number) => void;
}

export interface ProviderLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** A kind of provider: its name in DATA_PROVIDER, the environment variables it reads, and how to make one. */
export interface ProviderDefinition<Settings = unknown> {
  readonly name: string;
  readonly title: string;
  /** Environment variables, each with a fallback: the provider may well not be the one in use. */
  readonly env: EnvFragment<Settings>;
  create(settings: Settings, context: ProviderContext): Provider;
}

/** Freezes and checks a provider definition. Throws on a name that could not stand in DATA_PROVIDER. */
export function defineProvider<Settings>(definition: ProviderDefinition<Settings>): ProviderDefinition<Settings> {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name))
    throw new Error(`provider name '${definition.name}': expected lower-case letters, digits and '-'`);
  return Object.freeze({ ...definition });
}
