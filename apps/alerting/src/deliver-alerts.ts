import { alertSchema, type Alert } from '@wagehood/contracts';
import {
  isBreakerOpen,
  messageOf,
  rateLimited,
  type Logger,
  type RateLimitedLogger,
  type Tracing,
} from '@wagehood/service';
import { queueConnection, type RedisLink } from '@wagehood/streams';
import { DelayedError, UnrecoverableError, Worker, type ConnectionOptions, type Job } from 'bullmq';
import type { ChannelTable } from './channel-table';
import { Undeliverable } from './channels/channel';
import { QUEUE_NAME, QUEUE_PREFIX } from './delivery-queue';
import type { DeliverySettings } from './env';
import type { Outcomes } from './outcomes';
import { traceDeliveries } from './trace-delivery';

export type DeliveryOutcome = 'delivered' | 'retrying' | 'failed' | 'postponed';

export interface DeliveryWorkerDeps {
  readonly link: RedisLink;
  readonly channels: ChannelTable;
  readonly settings: DeliverySettings;
  /** Tells everybody what became of an alert. */
  readonly outcomes: Outcomes;
  readonly onOutcome: (channel: string, outcome: DeliveryOutcome) => void;
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
}

/** Takes deliveries from the queue and brings them to their channels. */
export interface DeliveryWorker {
  start(): void;
  /** Lets deliveries under way finish for a moment, then breaks them off: they are tried again by the next process. */
  stop(): Promise<void>;
}

const STOP_PATIENCE_MS = 1_500;
/** What a killed process was delivering is taken up again within the lock and one round of looking for such jobs. */
const LOCK_MS = 10_000;
const LOOK_FOR_STALLED_MS = 5_000;
/** Dying is the process' fault, not the delivery's: it may happen to the same job again and again. */
const MAX_STALLED = 1_000;

export function createDeliveryWorker(deps: DeliveryWorkerDeps): DeliveryWorker {
  const { link, settings, tracing, log } = deps;
  const stopping = new AbortController();
  const quiet = rateLimited(log);
  const deliver = traceDeliveries(tracing, (job, token) => deliverJob(deps, job, token, stopping.signal));
  let worker: Worker<Alert> | null = null;
  return {
    start() {
      worker = new Worker<Alert>(QUEUE_NAME, deliver, {
        connection: queueConnection(link) as unknown as ConnectionOptions,
        prefix: QUEUE_PREFIX,
        concurrency: settings.concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: LOOK_FOR_STALLED_MS,
        maxStalledCount: MAX_STALLED,
      });
      worker.on('error', (error) => log.debug('delivery worker', { error: error.message }));
      worker.on('failed', (job, error) => report(deps, quiet, job, error));
      worker.on('completed', (job) => deps.onOutcome(job.name, 'delivered'));
    },
    async stop() {
      const breakOff = setTimeout(() => stopping.abort(new Error('the service is stopping')), STOP_PATIENCE_MS);
      await worker?.close();
      clearTimeout(breakOff);
    },
  };
}

/** The outcome is told before the job is over: who dies in between leaves a job that is delivered and told again. */
async function deliverJob(
  { channels, settings, outcomes, onOutcome }: DeliveryWorkerDeps,
  job: Job<Alert>,
  token: string | undefined,
  stopping: AbortSignal,
): Promise<void> {
  const parsed = alertSchema.safeParse(job.data);
  if (!parsed.success) throw new UnrecoverableError('the job holds no alert');
  const alert = parsed.data as Alert;
  const attempts = job.attemptsMade + 1;
  const postpone = async (delayMs: number): Promise<never> => {
    await job.moveToDelayed(Date.now() + delayMs, token);
    onOutcome(job.name, 'postponed');
    throw new DelayedError();
  };
  try {
    await channels.deliver(job.name, alert, alert.id, stopping);
  } catch (error) {
    // The receiver is known to be down, or we are about to go: wait without spending an attempt.
    if (isBreakerOpen(error)) return postpone(Math.ceil(settings.breakerMs * (0.5 + Math.random())));
    if (stopping.aborted) return postpone(0);
    if (isOver(job, error, attempts)) await outcomes.failed(alert, attempts, messageOf(error), stopping);
    throw error instanceof Undeliverable ? new UnrecoverableError(error.message) : error;
  }
  await outcomes.delivered(alert, attempts, stopping);
}

const isOver = (job: Job<Alert>, error: unknown, attempts: number): boolean =>
  error instanceof Undeliverable || error instanceof UnrecoverableError || attempts >= (job.opts.attempts ?? 1);

/** A receiver that is down fails for every alert: one line in a while for each channel, with how many it stands for. */
function report(
  { onOutcome }: DeliveryWorkerDeps,
  quiet: RateLimitedLogger,
  job: Job<Alert> | undefined,
  error: Error,
): void {
  if (!job) return;
  const over = isOver(job, error, job.attemptsMade);
  onOutcome(job.name, over ? 'failed' : 'retrying');
  const fields = { channel: job.name, alert: job.id, attempt: job.attemptsMade, reason: messageOf(error) };
  if (over) quiet.error(job.name, `not delivered, given up: ${job.data.title}`, fields);
  else quiet.warn(job.name, 'delivery failed, will be tried again', fields);
}
