import type { Alert } from '@wagehood/contracts';
import type { Logger } from '@wagehood/service';
import { queueConnection, type RedisLink } from '@wagehood/streams';
import { Queue, type ConnectionOptions, type JobsOptions } from 'bullmq';
import type { DeliverySettings } from './env';

/** All keys of the queue share one slot of a cluster. The queue never leaves this service. */
export const QUEUE_PREFIX = '{alerting}';
export const QUEUE_NAME = 'deliveries';

/** Longer than signals stay in their stream: a signal that is processed again must find its job. */
const DONE_KEPT = { age: 24 * 3600, count: 100_000 };
/** What could not be delivered stays for a human to see. */
const FAILED_KEPT = { age: 14 * 24 * 3600, count: 10_000 };
const RETRY_MS = 500;

export interface DeliveryCounts {
  readonly waiting: number;
  readonly delayed: number;
  /** Deliveries that were given up. */
  readonly failed: number;
}

/** Deliveries on their way, safe in Redis. */
export interface DeliveryQueue {
  /** Resolves once every alert is in the queue; one that is (or was) in it already is not added twice. Waits for Redis. */
  add(alerts: readonly Alert[]): Promise<void>;
  counts(): Promise<DeliveryCounts>;
  /** Deliveries that were given up, newest first. */
  failed(limit: number): Promise<readonly { readonly id: string; readonly title: string; readonly reason: string }[]>;
  close(): Promise<void>;
}

export function createDeliveryQueue(link: RedisLink, settings: DeliverySettings, log: Logger): DeliveryQueue {
  const connection = queueConnection(link) as unknown as ConnectionOptions;
  const queue = new Queue<Alert>(QUEUE_NAME, { connection, prefix: QUEUE_PREFIX });
  queue.on('error', (error) => log.debug('queue connection', { error: error.message }));
  let closing = false;
  const options: JobsOptions = {
    attempts: settings.attempts,
    backoff: { type: 'exponential', delay: settings.backoffMs, jitter: 0.5 },
    removeOnComplete: DONE_KEPT,
    removeOnFail: FAILED_KEPT,
    stackTraceLimit: 1,
  };
  return {
    async add(alerts) {
      const jobs = alerts.map((alert) => ({ name: alert.channel, data: alert, opts: { ...options, jobId: alert.id } }));
      for (;;) {
        // The caller has not committed: what is not added now is decided again by the next owner.
        if (closing) throw new Error('the delivery queue is closing');
        try {
          await queue.addBulk(jobs);
          return;
        } catch (error) {
          log.warn('deliveries could not be queued; trying again', { deliveries: alerts.length, error });
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    },
    async counts() {
      const { waiting = 0, delayed = 0, failed = 0 } = await queue.getJobCounts('waiting', 'delayed', 'failed');
      return { waiting, delayed, failed };
    },
    async failed(limit) {
      const jobs = await queue.getFailed(0, limit - 1);
      return jobs.map(({ id, data, failedReason }) => ({ id: id ?? '', title: data.title, reason: failedReason }));
    },
    async close() {
      closing = true;
      await queue.close();
    },
  };
}
