import type { NamedSecrets, Settings } from '@wagehood/config';
import {
  countStageEvents,
  redisPart,
  stagePart,
  traceStage,
  watchRedis,
  type Logger,
  type Part,
  type ServiceDeps,
} from '@wagehood/service';
import {
  connectRedis,
  createAlertCommands,
  createAlertLog,
  createControl,
  createObservations,
  createReader,
  createStageWorker,
  createStandAside,
  tuningForRetention,
  type Control,
  type StageEvent,
  type StageWorker,
} from '@wagehood/streams';
import { createAlertMetrics, type AlertMetrics } from './alert-metrics';
import { createAlertProcessor, type AlertItem } from './alert-processor';
import { createChannelTable, type ChannelTable } from './channel-table';
import { commandsPart } from './commands-part';
import { createDeliveryWorker } from './deliver-alerts';
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue';
import type { AlertingEnv } from './env';
import { idlePart } from './idle-part';
import { createOutcomes } from './outcomes';
import { sweepJobs } from './retention-sweep';
import { systemWatchPart, type OwnSigns, type WatchPace } from './system-watch';
import { traceparentOfSignals } from './trace-delivery';

/** Raised when the bytes of a stored cell change their meaning. */
const STATE_VERSION = 1;
const COUNT_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 30_000;

/** Signals → rules → alerts → queue → channels. */
export function buildAlerting(
  { name, id, env, log, metrics, tracing }: ServiceDeps<AlertingEnv>,
  secretOf: NamedSecrets,
  pace?: WatchPace,
): readonly Part[] {
  const link = connectRedis(env.redis, { name, log });
  if (!env.alerts.enabled)
    return [redisPart(link, env.partitions), idlePart(createStandAside(link, 'alerting', env.partitions), log)];
  watchRedis(metrics, link);
  const counters = createAlertMetrics(metrics);
  const signs: OwnSigns = { openChannels: new Set(), letter: null };
  const channels = createChannelTable({
    timeoutMs: env.delivery.timeoutMs,
    secretOf,
    breakerMs: env.delivery.breakerMs,
    log,
    onBreaker(channel, state) {
      counters.open.set({ channel }, state === 'open' ? 1 : 0);
      if (state === 'open') signs.openChannels.add(channel);
      else if (state === 'closed') signs.openChannels.delete(channel);
    },
  });
  const queue = createDeliveryQueue(link, env.delivery, log);
  const deliveries = createDeliveryWorker({
    link,
    channels,
    settings: env.delivery,
    outcomes: createOutcomes(createAlertLog(link, env.partitions), log),
    onOutcome: (channel, outcome) => counters.deliveries.inc({ channel, outcome }),
    tracing,
    log,
  });
  let present: Settings | null = null;
  const meters = countStageEvents(metrics, log);
  const onEvent = (event: StageEvent): void => {
    if (event.type === 'dead-letter') signs.letter = event.error;
    meters.onEvent(event);
  };
  const worker: StageWorker = createStageWorker<AlertItem>({
    link,
    stage: 'alerting',
    partitions: env.partitions,
    id,
    createProcessor: (_partition, tag) =>
      createAlertProcessor({
        tag,
        enqueue: (wanted) => queue.add(wanted),
        fallback: () => present,
        onSettings: ({ system }) =>
          worker.tune({
            readEntries: system.batch_calculation_size,
            ...tuningForRetention(system.redis_streams_maxlen),
          }),
        onAlert: ({ status }) => counters.alerts.inc({ status }),
        traceparentOf: traceparentOfSignals(tracing, tag),
      }),
    log,
    ...traceStage(tracing, 'alerting', env.partitions, onEvent),
    outKind: 'alert',
    stateVersion: STATE_VERSION,
    beginAnywhere: true,
  });
  return [
    redisPart(link, env.partitions),
    channelsPart(createControl(link), channels, (settings) => (present = settings)),
    deliveriesPart(deliveries, queue, counters, () => sweepJobs(link, env.partitions, queue, log), log),
    commandsPart(createAlertCommands(link), queue, log),
    stagePart(worker, metrics),
    systemWatchPart({
      link,
      reader: createReader(link, env.partitions),
      observations: createObservations(link, env.partitions),
      signs,
      pace,
      log,
    }),
  ];
}

/** Channels follow the newest configuration: where an alert goes is no part of what the log decides. */
function channelsPart(control: Control, channels: ChannelTable, adopt: (settings: Settings) => void): Part {
  let watch: { stop(): Promise<void> } | null = null;
  let known = false;
  return {
    name: 'channels',
    start() {
      watch = control.watch(({ settings }) => {
        channels.apply(settings);
        adopt(settings);
        known = true;
      });
    },
    async stop() {
      await watch?.stop();
      channels.close();
    },
    ready: () =>
      known
        ? { ok: true, detail: 'configured' }
        : { ok: false, detail: 'waiting for the configuration (the api writes it when it starts)' },
  };
}

function deliveriesPart(
  worker: ReturnType<typeof createDeliveryWorker>,
  queue: DeliveryQueue,
  { queued }: AlertMetrics,
  sweep: () => Promise<void>,
  log: Logger,
): Part {
  let failed = 0;
  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, work: () => Promise<void>): void => {
    timers.push(setInterval(() => void work().catch(() => undefined), ms)); // while Redis is away there is nothing to see
  };
  const count = async (): Promise<void> => {
    const counts = await queue.counts();
    for (const [state, value] of Object.entries(counts)) queued.set({ state }, value as number);
    if (counts.failed > failed) log.warn(`${counts.failed} deliveries were given up and are kept`);
    failed = counts.failed;
  };
  return {
    name: 'deliveries',
    start() {
      worker.start();
      every(COUNT_EVERY_MS, count);
      every(SWEEP_EVERY_MS, sweep);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([worker.stop(), queue.close()]);
    },
    ready: () => ({ ok: true, detail: failed === 0 ? 'running' : `running; ${failed} deliveries were given up` }),
  };
}
