import type { BarEvent, GapEntry } from '@wagehood/contracts';
import { systemEventId, type Producer } from '@wagehood/streams';
import { randomUUID } from 'node:crypto';

/** What ingestion tells about its feeds in the log of bars, so that whoever reads there learns of it in its place. */
export interface Reports {
  gap(gap: GapEntry): void;
  stale(provider: string, symbols: readonly string[]): void;
  historyBroken(provider: string): void;
  correctionRefused(bar: BarEvent, why: string): void;
}

const MOST_NAMED = 10;
const MOST_SYMBOLS = 1_000;

/** Nobody waits for a report: it is in the queue of its log. */
export function createReports(producer: Pick<Producer, 'report'>): Reports {
  return {
    gap: (data) => void producer.report({ kind: 'gap', data }),
    stale(provider, symbols) {
      const named = symbols.slice(0, MOST_NAMED).join(', ');
      const more = symbols.length > MOST_NAMED ? ` and ${symbols.length - MOST_NAMED} more` : '';
      const data = {
        id: systemEventId('symbol_stale', provider, randomUUID()),
        code: 'symbol_stale',
        subject: provider,
        detail: `no bars from ${provider}: ${named}${more}`,
        symbols: symbols.slice(0, MOST_SYMBOLS),
      };
      void producer.report({ kind: 'system', data });
    },
    historyBroken(provider) {
      const data = {
        id: systemEventId('history_breaker_open', provider, randomUUID()),
        code: 'history_breaker_open',
        subject: provider,
        detail: `the history of ${provider} fails too often; it is left alone for a while`,
      };
      void producer.report({ kind: 'system', data });
    },
    correctionRefused({ symbol, timeframe, timestamp, revision }, why) {
      const subject = `${symbol} ${timeframe}`;
      const data = {
        id: systemEventId('correction_refused', subject, String(timestamp), String(revision)),
        code: 'correction_refused',
        subject,
        detail: `the bar of ${subject} at ${new Date(timestamp).toISOString()} stays as it was: ${why}`,
        symbols: [symbol],
      };
      void producer.report({ kind: 'system', data });
    },
  };
}
