import type { Alert } from '@wagehood/contracts';
import { rateLimited, type Logger } from '@wagehood/service';
import { queueConnection, type RedisLink } from '@wagehood/streams';
import { Queue, type ConnectionOptions, type JobsOptions } from 'bullmq';
import type { DeliverySettings } from './env';
import { createJobRetention } from './job-retention';

/** All keys of the queue share one slot of a cluster. The queue never leaves this service. */
export const QUEUE_PREFIX = '{alerting}';
export const QUEUE_NAME = 'deliveries';

const RETRY_MS = 500;

/** An alert to bring to its channel, and the entry of signal_stream that it comes from. */
export interface Delivery {
  readonly alert: Alert;
  /** The partition of that entry, and its offset there. */
  readonly tag: string;
  readonly offset: number;
  /** The trace that the signal came in, when traces are on. */
  readonly traceparent?: string | undefined;
}

export interface DeliveryCounts {
  readonly waiting: number;
  readonly delayed: number;
  /** Deliveries that were given up. */
  readonly failed: number;
}

/** Deliveries on their way, safe in Redis. */
export interface DeliveryQueue {
  /** Resolves once every alert is in the queue; one that is (or was) in it already is not added twice. Waits for Redis. */
  add(deliveries: readonly Delivery[]): Promise<void>;
  /** Queues an alert that was given up again; one that waits, is under way or has arrived is left alone. */
  resend(alert: Alert): Promise<boolean>;
  counts(): Promise<DeliveryCounts>;
  /** Forgets jobs of a partition whose signals are no longer in the stream: nothing can ask for them again. */
  forget(tag: string, firstOffset: number): Promise<number>;
  close(): Promise<void>;
}

export function createDeliveryQueue(link: RedisLink, settings: DeliverySettings, log: Logger): DeliveryQueue {
  const connection = queueConnection(link) as unknown as ConnectionOptions;
  const queue = new Queue<Alert>(QUEUE_NAME, { connection, prefix: QUEUE_PREFIX });
  queue.on('error', (error) => log.debug('queue connection', { error: error.message }));
  const retention = createJobRetention(link.commands, queue);
  const quiet = rateLimited(log); // every partition comes here, again and again while Redis is away
  let closing = false;
  const jobOf = (alert: Alert, traceparent?: string) => ({
    name: alert.channel,
    data: alert,
    opts: { ...jobOptions(settings), jobId: alert.id, ...(traceparent && { telemetry: { metadata: traceparent } }) },
  });
  return {
    async add(deliveries) {
      for (;;) {
        // The caller has not committed: what is not added now is decided again by the next owner.
        if (closing) throw new Error('the delivery queue is closing');
        try {
          await retention.note(deliveries);
          await queue.addBulk(deliveries.map(({ alert, traceparent }) => jobOf(alert, traceparent)));
          return;
        } catch (error) {
          quiet.warn('queue', 'deliveries could not be queued; trying again', { deliveries: deliveries.length, error });
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    },
    async resend(alert) {
      const job = await queue.getJob(alert.id);
      if (!job) {
        await queue.addBulk([jobOf(asDecided(alert))]);
        return true;
      }
      if (!(await job.isFailed())) return false;
      await job.retry('failed', { resetAttemptsMade: true });
      return true;
    },
    async counts() {
      const { waiting = 0, delayed = 0, failed = 0 } = await queue.getJobCounts('waiting', 'delayed', 'failed');
      return { waiting, delayed, failed };
    },
    forget: (tag, firstOffset) => retention.forget(tag, firstOffset),
    async close() {
      closing = true;
      await queue.close();
    },
  };
}

/** The alert as it was before anybody tried to deliver it. */
function asDecided({ attempts: _attempts, settledAt: _settledAt, reason: _reason, ...alert }: Alert): Alert {
  return { ...alert, status: 'pending' };
}

/** Finished jobs stay until `forget`: a signal that is processed again must find its job. */
const jobOptions = ({ attempts, backoffMs }: DeliverySettings): JobsOptions => ({
  attempts,
  backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
  removeOnComplete: false,
  removeOnFail: false,
  stackTraceLimit: 1,
});
