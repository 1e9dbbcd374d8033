import { alertSchema, type Alert } from '@wagehood/contracts';
import { isBreakerOpen, messageOf, type Logger } from '@wagehood/service';
import { queueConnection, type RedisLink } from '@wagehood/streams';
import { DelayedError, UnrecoverableError, Worker, type ConnectionOptions, type Job } from 'bullmq';
import type { ChannelTable } from './channel-table';
import { Undeliverable } from './channels/channel';
import { QUEUE_NAME, QUEUE_PREFIX } from './delivery-queue';
import type { DeliverySettings } from './env';

export type DeliveryOutcome = 'delivered' | 'retrying' | 'failed' | 'postponed';

export interface DeliveryWorkerDeps {
  readonly link: RedisLink;
  readonly channels: ChannelTable;
  readonly settings: DeliverySettings;
  readonly onOutcome: (channel: string, outcome: DeliveryOutcome) => void;
  readonly log: Logger;
}

/** Takes deliveries from the queue and brings them to their channels. */
export interface DeliveryWorker {
  start(): void;
  /** Lets deliveries under way finish for a moment, then breaks them off: they are tried again by the next process. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 1_500;

export function createDeliveryWorker(deps: DeliveryWorkerDeps): DeliveryWorker {
  const { link, settings, log } = deps;
  const stopping = new AbortController();
  let worker: Worker<Alert> | null = null;
  return {
    start() {
      worker = new Worker<Alert>(QUEUE_NAME, (job, token) => deliverJob(deps, job, token, stopping.signal), {
        connection: queueConnection(link) as unknown as ConnectionOptions,
        prefix: QUEUE_PREFIX,
        concurrency: settings.concurrency,
      });
      worker.on('error', (error) => log.debug('delivery worker', { error: error.message }));
      worker.on('failed', (job, error) => report(deps, job, error));
      worker.on('completed', (job) => deps.onOutcome(job.name, 'delivered'));
    },
    async stop() {
      const breakOff = setTimeout(() => stopping.abort(new Error('the service is stopping')), STOP_PATIENCE_MS);
      await worker?.close();
      clearTimeout(breakOff);
    },
  };
}

async function deliverJob(
  { channels, settings, onOutcome }: DeliveryWorkerDeps,
  job: Job<Alert>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const alert = alertSchema.safeParse(job.data);
  if (!alert.success) throw new UnrecoverableError('the job holds no alert');
  try {
    await channels.deliver(job.name, alert.data as Alert, job.id ?? alert.data.id, signal);
  } catch (error) {
    if (error instanceof Undeliverable) throw new UnrecoverableError(error.message);
    if (!isBreakerOpen(error)) throw error;
    // The receiver is known to be down: wait for it without spending an attempt.
    await job.moveToDelayed(Date.now() + Math.ceil(settings.breakerMs * (0.5 + Math.random())), token);
    onOutcome(job.name, 'postponed');
    throw new DelayedError();
  }
}

function report({ onOutcome, log }: DeliveryWorkerDeps, job: Job<Alert> | undefined, error: Error): void {
  if (!job) return;
  const isOver = error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);
  onOutcome(job.name, isOver ? 'failed' : 'retrying');
  const fields = { channel: job.name, alert: job.id, attempt: job.attemptsMade, reason: messageOf(error) };
  if (isOver) log.error(`not delivered, given up: ${job.data.title}`, fields);
  else log.warn('delivery failed, will be tried again', fields);
}
