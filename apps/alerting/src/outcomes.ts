import type { Alert } from '@wagehood/contracts';
import { createBackoff, type Logger } from '@wagehood/service';
import type { AlertLog } from '@wagehood/streams';

/** Tells in alert_stream what became of an alert, waiting for Redis if it must; rejects when `signal` is aborted meanwhile. */
export interface Outcomes {
  delivered(alert: Alert, attempts: number, signal: AbortSignal): Promise<void>;
  failed(alert: Alert, attempts: number, reason: string, signal: AbortSignal): Promise<void>;
}

/** Reasons come from servers and systems: enough to understand them, not more. */
const MAX_REASON = 300;

export function createOutcomes(alertLog: AlertLog, log: Logger, now: () => number = Date.now): Outcomes {
  const tell = async (alert: Alert, word: string, signal: AbortSignal): Promise<void> => {
    const backoff = createBackoff({ minMs: 50, maxMs: 2_000 });
    for (;;) {
      try {
        if ((await alertLog.publish(alert, word)) !== 'early') return;
      } catch (error) {
        log.debug('an outcome could not be told; trying again', { alert: alert.id, error: String(error) });
      }
      await backoff.wait(signal);
    }
  };
  return {
    delivered(alert, attempts, signal) {
      const settled = { ...alert, status: 'delivered' as const, attempts, settledAt: now() };
      return tell(settled, `${alert.id} delivered`, signal);
    },
    failed(alert, attempts, reason, signal) {
      const settledAt = now();
      const settled = { ...alert, status: 'failed' as const, attempts, settledAt, reason: reason.slice(0, MAX_REASON) };
      // Each time that it is given up is news: somebody has asked for it again in between.
      return tell(settled, `${alert.id} failed ${settledAt}`, signal);
    },
  };
}
