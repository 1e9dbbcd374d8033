import type {
  BarEvent,
  ControlDocument,
  CorrectionEntry,
  GapEntry,
  SystemEvent,
  WarmupEntry,
} from '@wagehood/contracts';
import { seriesKey, type SeriesKey } from '@wagehood/market';
import { lastKey, REVISIONS_MARK, WARM_MARK } from '../layout/keys';
import { partitionOf, partitionTags } from '../layout/partition';
import type { StreamsLog } from '../log';
import { assign } from '../membership/assignment';
import { createMembership } from '../membership/membership';
import type { RedisLink } from '../redis/connect';
import { createMemoryGuard } from './memory-guard';
import { PartitionLog, type PartitionLogHooks } from './partition-log';
import { unknownRevisions, type CorrectionOutcome, type WarmupOutcome } from './past-entry';
import { defaultProducerTuning, type ProducerTuning } from './producer-tuning';
import { SeriesBook } from './series-book';
import { untilRead } from './until-read';

/** What is told about the feed: bars that cannot be had, or something about a provider. */
export type Report =
  { readonly kind: 'gap'; readonly data: GapEntry } | { readonly kind: 'system'; readonly data: SystemEvent };

export type RefusedReason = 'duplicate' | 'late';

export interface ProducerHooks {
  /** Bars that entered the log (0: a configuration or a report did), the token of their entry, and how long it took from being sent. */
  readonly onAppended?: (partition: number, bars: number, token: string, tookMs: number) => void;
  /** A batch of final bars is in the log: how long its first one has waited for that. */
  readonly onSent?: (partition: number, waitedMs: number) => void;
  /** A bar that is not newer than the last one of its series. */
  readonly onRefused?: (
    bar: { readonly symbol: string; readonly timeframe: string; readonly timestamp: number },
    reason: RefusedReason,
  ) => void;
  /** Redis had lost bars; `resent` of them came from memory or history, `gap` says what could not be had. */
  readonly onRepaired?: (partition: number, series: string, resent: number, gap: GapEntry | null) => void;
  readonly onBackPressure?: (partition: number, reason: 'behind' | 'full') => void;
}

export interface ProducerOptions {
  readonly link: RedisLink;
  readonly partitions: number;
  readonly id: string;
  readonly log: StreamsLog;
  readonly hooks?: ProducerHooks;
  /** Final bars of a series after `from` and before `to` (epoch ms) from the provider's history, oldest first. */
  readonly refetch?: (series: SeriesKey, from: number, to: number) => Promise<readonly BarEvent[]>;
  /**
   * The configuration as Redis has it now. With it, no bar enters a log that has lost its configuration (a Redis that came back empty):
   * the present one enters first, and bars wait for it.
   */
  readonly configuration?: () => Promise<ControlDocument | null>;
  readonly tuning?: Partial<ProducerTuning>;
}

export interface ProducerStats {
  readonly appendedBars: number;
  readonly queuedBars: number;
  /** ms since the last heartbeat that Redis answered. */
  readonly heartbeatAgeMs: number;
  /** Why nothing can be appended at the moment, null when all is well. */
  readonly blocked: string | null;
}

/** Where a series stands in its log. */
export interface SeriesStanding {
  /** Open time of its last accepted bar, null before the first. */
  readonly last: number | null;
  /** Version under which all that is computed of it has seen its past, 0 if none. */
  readonly warm: number;
  /** Version of the configuration at the tail of its log, 0 if none. */
  readonly control: number;
}

/** The way into the log: per partition one queue, one append in flight, every bar in order and once. */
export interface Producer {
  /** Joins the producers; resolves after the first heartbeat. */
  start(): Promise<void>;
  /** Appends what is queued (at most `graceMs`), then leaves. */
  stop(graceMs?: number): Promise<void>;
  /** Whether this replica feeds the symbol. Two owners for a moment do no harm: the append arbitrates. */
  owns(symbol: string): boolean;
  onOwnershipChange(listener: () => void): void;
  /**
   * Queues bars (final or forming) in order, each as soon as it has been asked for; resolves with how many there were, when there is
   * room for more.
   */
  offer(bars: Iterable<BarEvent>): Promise<number>;
  /** Resolves when everything offered so far is in the log. */
  flush(): Promise<void>;
  /** Last accepted open time of each series; series without any are absent. */
  lastTimes(series: readonly SeriesKey[]): Promise<Map<SeriesKey, number>>;
  /** Appends a configuration to every partition's log, once per version, behind everything offered so far. */
  appendControl(document: ControlDocument): Promise<void>;
  /** Appends a report, behind everything offered so far: a gap to the log of its symbol, what is no one symbol's to the first. */
  report(report: Report): Promise<void>;
  /** Where these series stand in their logs. */
  standings(series: readonly SeriesKey[]): Promise<Map<SeriesKey, SeriesStanding>>;
  /** Appends the past of a series for what was added to the configuration, brought up to where the log stands by then. */
  appendWarmup(entry: WarmupEntry): Promise<WarmupOutcome>;
  /**
   * Resolves when calculation and evaluation have read the log of this symbol up to where it stands now; earlier when nobody wants to
   * know any more or nobody can tell.
   */
  untilRead(symbol: string, isWanted: () => boolean): Promise<void>;
  /** Appends a corrected series; resolves when the log has taken it, or why not. */
  appendCorrection(entry: CorrectionEntry): Promise<CorrectionOutcome>;
  /** Those of these corrected bars that their logs know nothing of, or no longer. */
  unknownCorrections(bars: readonly BarEvent[]): Promise<BarEvent[]>;
  /** Notes that nothing of these series has to see their past under this version of the configuration. */
  markWarm(series: readonly SeriesKey[], version: number): Promise<void>;
  stats(): ProducerStats;
  /** Changes limits while it runs. */
  tune(tuning: Partial<ProducerTuning>): void;
}

const MARKS_AT_ONCE = 500;
const symbolOf = (key: SeriesKey): string => key.slice(0, key.indexOf('|'));

export function createProducer(options: ProducerOptions): Producer {
  const { link, partitions, id, log } = options;
  const tuning = { ...defaultProducerTuning, ...options.tuning };
  const tags = partitionTags(partitions);
  const guard = createMemoryGuard(link, tuning.memoryLimit, log);
  const { refetch, configuration } = options;
  const hooks: PartitionLogHooks = { ...options.hooks, refetch, configuration, isFull: guard.isFull };
  const book = new SeriesBook(partitions);
  const logs = tags.map((tag, partition) => new PartitionLog(link, partition, tag, tuning, log, hooks, book));
  const listeners: (() => void)[] = [];
  let owners: ReadonlyMap<number, string> = new Map();
  let liveKey = '';

  const membership = createMembership({
    link,
    stage: 'ingestion',
    id,
    ttlMs: tuning.ttlMs,
    heartbeatMs: tuning.heartbeatMs,
    log,
    onLive(live) {
      if (live.join() === liveKey) return;
      liveKey = live.join();
      owners = assign(partitions, live);
      for (const listener of listeners) listener();
    },
  });
  /** Calls back for each partition that has some of these series. */
  const perPartition = async (
    series: readonly SeriesKey[],
    call: (own: readonly SeriesKey[], partition: number, tag: string) => Promise<unknown>,
  ): Promise<void> => {
    const own = new Map<number, SeriesKey[]>();
    for (const key of series) {
      const partition = partitionOf(symbolOf(key), partitions);
      const others = own.get(partition);
      if (others) others.push(key);
      else own.set(partition, [key]);
    }
    await Promise.all([...own].map(([partition, keys]) => call(keys, partition, tags[partition] as string)));
  };
  const logOf = (symbol: string): PartitionLog => logs[partitionOf(symbol, partitions)] as PartitionLog;

  let auditTimer: NodeJS.Timeout | undefined;
  let stopped = false;

  return {
    async start() {
      guard.start();
      await membership.start();
      if (stopped) return; // meanwhile
      const audit = (): void =>
        logs.forEach((partitionLog, partition) => void (owners.get(partition) === id && partitionLog.audit()));
      auditTimer = setInterval(audit, tuning.auditEveryMs);
    },
    async stop(graceMs = 2_000) {
      stopped = true;
      clearInterval(auditTimer);
      await Promise.all(logs.map((partitionLog) => partitionLog.close(graceMs)));
      guard.stop();
      await membership.stop();
    },
    owns: (symbol) => owners.get(partitionOf(symbol, partitions)) === id,
    onOwnershipChange: (listener) => void listeners.push(listener),
    async offer(bars) {
      const crowded = new Set<PartitionLog>();
      let count = 0;
      for (const bar of bars) {
        count++;
        const series = book.of(bar.symbol, bar.timeframe);
        const partitionLog = logs[series.partition] as PartitionLog;
        partitionLog.add(bar, series);
        if (partitionLog.isCrowded) crowded.add(partitionLog);
      }
      for (const partitionLog of crowded) await partitionLog.room();
      return count;
    },
    async flush() {
      await Promise.all(logs.map((partitionLog) => partitionLog.drained()));
    },
    async lastTimes(series) {
      const found = new Map<SeriesKey, number>();
      await perPartition(series, async (own, _partition, tag) => {
        const times = await link.commands.hmget(lastKey(tag), ...own);
        own.forEach((key, i) => times[i] != null && found.set(key, Number(times[i])));
      });
      for (const [key, time] of found) book.noteLast(key, time);
      return found;
    },
    async appendControl(document) {
      await Promise.all(logs.map((partitionLog) => partitionLog.addControl(document)));
    },
    report: (report) =>
      (report.kind === 'gap' ? logOf(report.data.symbol) : (logs[0] as PartitionLog)).addReport(report),
    async standings(series) {
      const found = new Map<SeriesKey, SeriesStanding>();
      await perPartition(series, async (own, _partition, tag) => {
        const fields = own.flatMap((key) => [key, WARM_MARK + key]);
        const [control, ...values] = await link.commands.hmget(lastKey(tag), '#control', ...fields);
        own.forEach((key, i) => {
          const [last, warm] = values.slice(2 * i, 2 * i + 2);
          found.set(key, {
            last: last == null ? null : Number(last),
            warm: Number(warm ?? 0),
            control: Number(control ?? 0),
          });
        });
      });
      return found;
    },
    appendWarmup: (entry) => logOf(entry.symbol).addWarmup(entry),
    untilRead: (symbol, isWanted) =>
      untilRead(link.commands, tags[partitionOf(symbol, partitions)] as string, isWanted),
    appendCorrection: (entry) => logOf(entry.symbol).addCorrection(entry),
    async unknownCorrections(bars) {
      const bySeries = new Map<SeriesKey, BarEvent[]>();
      for (const bar of bars) {
        const key = seriesKey(bar.symbol, bar.timeframe);
        bySeries.set(key, [...(bySeries.get(key) ?? []), bar]);
      }
      const unknown: BarEvent[] = [];
      await perPartition([...bySeries.keys()], async (own, _partition, tag) => {
        const fields = await link.commands.hmget(lastKey(tag), ...own.map((key) => REVISIONS_MARK + key));
        own.forEach((key, i) => unknown.push(...unknownRevisions(bySeries.get(key) ?? [], fields[i])));
      });
      return unknown;
    },
    async markWarm(series, version) {
      await perPartition(series, async (own, partition) => {
        for (let i = 0; i < own.length; i += MARKS_AT_ONCE)
          await (logs[partition] as PartitionLog).markWarm(own.slice(i, i + MARKS_AT_ONCE), version);
      });
    },
    tune: (changes) => void Object.assign(tuning, changes),
    stats: () => ({
      heartbeatAgeMs: membership.heartbeatAgeMs(),
      appendedBars: logs.reduce((sum, { appendedBars }) => sum + appendedBars, 0),
      queuedBars: logs.reduce((sum, { queuedBars }) => sum + queuedBars, 0),
      blocked: guard.isFull()
        ? 'Redis is nearly full; nothing is appended'
        : (logs.find(({ blocked }) => blocked)?.blocked ?? null),
    }),
  };
}
