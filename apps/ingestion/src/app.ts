import { catalogs } from '@wagehood/extensions';
import { parseSeriesKey } from '@wagehood/market';
import { redisPart, traceAppends, watchRedis, type Part, type ServiceDeps } from '@wagehood/service';
import { connectRedis, createControl, createProducer, limitFor, type Control, type Producer } from '@wagehood/streams';
import { createCorrector, type Corrector } from './corrector';
import type { IngestionEnv } from './env';
import { createFeeds, type Feeds } from './feeds';
import {
  createIngestionMetrics,
  producerHooks,
  watchProducer,
  watchProviders,
  type IngestionMetrics,
} from './ingestion-metrics';
import { createPipeline } from './pipeline';
import { createProviderPool, providerOffer } from './provider-pool';
import { mock } from './providers/mock/mock';
import { replay } from './providers/replay/replay';
import { createReports, type Reports } from './reports';
import { createWarmer, type Warmer } from './warmer';
import { createStalenessWatch } from './watch-staleness';

/** Providers → validate → normalise → sequence → log, for the symbols that this replica owns. */
export function buildIngestion({ name, id, env, log, metrics, tracing }: ServiceDeps<IngestionEnv>): readonly Part[] {
  const link = connectRedis(env.redis, { name, log });
  const counters = createIngestionMetrics(metrics);
  const pool = createProviderPool([providerOffer(mock, env.mock), providerOffer(replay, env.replay)], {
    log,
    metrics: counters,
    now: Date.now,
  });
  const control = createControl(link);
  const producer = createProducer({
    link,
    partitions: env.partitions,
    id,
    log,
    hooks: traceAppends(tracing, env.partitions, producerHooks(counters, log)),
    refetch(series, from, to) {
      const { symbol, timeframe } = parseSeriesKey(series);
      return feeds.refetch(symbol, timeframe, from + 1, to);
    },
    configuration: () => control.read(),
  });
  watchProducer(metrics, producer);
  const reports = createReports(producer);
  const corrector = createCorrector({
    producer,
    need: () => feeds.need.correction,
    past: ({ symbol, timeframe, timestamp }) => feeds.pastOfCorrection(symbol, timeframe, timestamp),
    metrics: counters,
    reports,
    log,
    now: () => performance.now(),
  });
  const pipeline = createPipeline({ producer, corrector, metrics: counters, log, now: Date.now });
  const feeds: Feeds = createFeeds({
    producer,
    pool,
    pipeline,
    metrics: counters,
    reports,
    catalogs,
    historyBars: env.history.bars ?? null,
    mostHistoryBars: env.history.most,
    now: Date.now,
    log,
  });
  const warmer = createWarmer({
    producer,
    fed: () => feeds.groups().flatMap((group) => [...group.feeds.values()]),
    need: () => feeds.need.warmup,
    past: ({ symbol, timeframe }, last) => feeds.past(symbol, timeframe, last),
    metrics: counters,
    log,
    now: () => performance.now(),
  });
  watchProviders(
    metrics,
    () => feeds.groups(),
    () => performance.now(),
  );
  watchRedis(metrics, link);
  return [
    redisPart(link, env.partitions),
    producerPart(producer, feeds, warmer),
    controlPart(control, producer, feeds, warmer, corrector),
    stalenessPart(feeds, counters, reports, log),
  ];
}

function producerPart(producer: Producer, feeds: Feeds, warmer: Warmer): Part {
  return {
    name: 'log',
    async start() {
      producer.onOwnershipChange(() => void feeds.reassign().then(() => warmer.look()));
      await producer.start();
    },
    stop: () => producer.stop(),
    ready() {
      const { blocked, queuedBars } = producer.stats();
      return { ok: true, detail: blocked ?? `${queuedBars} bars queued` };
    },
  };
}

/** Every configuration enters the logs before the first bar that depends on it. */
function controlPart(control: Control, producer: Producer, feeds: Feeds, warmer: Warmer, corrector: Corrector): Part {
  let watch: { stop(): Promise<void> } | null = null;
  return {
    name: 'feeds',
    start() {
      watch = control.watch(async (document) => {
        producer.tune({ limitBars: limitFor(document.settings.system.redis_streams_maxlen) });
        await producer.appendControl(document);
        await feeds.apply(document);
        warmer.follow(document);
      });
    },
    async stop() {
      await Promise.all([watch?.stop(), warmer.stop(), corrector.stop()]);
      await feeds.stop();
    },
    ready: () => feeds.state(),
  };
}

function stalenessPart(
  feeds: Feeds,
  { stale }: IngestionMetrics,
  reports: Reports,
  log: ServiceDeps<IngestionEnv>['log'],
): Part {
  const groups = () => feeds.groups();
  const watch = createStalenessWatch({
    groups,
    patienceMs: feeds.patienceMs.bind(feeds),
    gauge: stale,
    onStale: reports.stale,
    log,
    now: () => performance.now(),
  });
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'staleness',
    start: () => void (timer = setInterval(() => watch.look(), 1_000)),
    stop: () => clearInterval(timer),
  };
}
