import { channels, type StreamChannel } from '@wagehood/contracts';
import type { LogName } from './cursor';
import type { PushEvent } from './push-event';

/** What a client of `/stream` wants to see. Null = all of them. */
export interface StreamFilter {
  readonly symbols: ReadonlySet<string> | null;
  readonly timeframes: ReadonlySet<string> | null;
  readonly channels: ReadonlySet<StreamChannel>;
  /** Whether what comes from history (bars that warm up or fill a hole, signals on them) is wanted too. */
  readonly backfilled: boolean;
}

const logOfChannel: Readonly<Record<StreamChannel, LogName>> = { price: 'c', indicator: 'c', signal: 's', alert: 'a' };

export function wants(filter: StreamFilter, event: PushEvent): boolean {
  if (!filter.channels.has(event.channel)) return false;
  if (event.backfilled && !filter.backfilled) return false;
  if (filter.timeframes && event.timeframe && !filter.timeframes.has(event.timeframe)) return false;
  return filter.symbols === null || filter.symbols.has(event.symbol);
}

/** The logs that can hold something the filter lets pass. */
export function logsOf(filter: StreamFilter): readonly LogName[] {
  return [...new Set(channels.filter((channel) => filter.channels.has(channel)).map((each) => logOfChannel[each]))];
}
