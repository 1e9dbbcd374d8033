import type { Alert } from '@wagehood/contracts';
import {
  alertsKey,
  alertsToldKey,
  stageKey,
  streamKey,
  tokensKey,
  undeliveredKey,
  undeliveredOrderKey,
} from '../layout/keys';
import { partitionOf, partitionTags } from '../layout/partition';
import { publishAlert } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { defaultTuning } from '../stage/stage-options';

/** Alerts kept per partition beside the stream, for those who ask what happened lately; each turn of an alert counts. */
export const RECENT_ALERTS = 1_000;
const UNDELIVERED_KEPT = 10_000;

/** What alerting has to say about an alert after (or without) the commit that a signal led to. */
export interface AlertLog {
  /**
   * Tells it once: `word` names what is told, and a second call with the same word changes nothing.
   * @returns `early` when the stage has not begun in the alert's partition: try again later.
   */
  publish(alert: Alert, word: string): Promise<'told' | 'known' | 'early'>;
}

export function createAlertLog(link: RedisLink, partitions: number): AlertLog {
  const tags = partitionTags(partitions);
  return {
    async publish(alert, word) {
      // What concerns the system as a whole stands in the first partition.
      const tag = tags[alert.signal ? partitionOf(alert.signal.symbol, partitions) : 0] as string;
      const keys = [
        stageKey('alerting', tag),
        streamKey('alert_stream', tag),
        tokensKey('alert_stream', tag),
        alertsKey(tag),
        alertsToldKey(tag),
        undeliveredKey(tag),
        undeliveredOrderKey(tag),
      ];
      const { id, status } = alert;
      const kept = [defaultTuning.outKeepEntries, RECENT_ALERTS, UNDELIVERED_KEPT];
      const reply = await publishAlert.run(link.commands, keys, [word, id, status, JSON.stringify(alert), ...kept]);
      return reply === 1 ? 'told' : reply === 0 ? 'known' : 'early';
    },
  };
}
