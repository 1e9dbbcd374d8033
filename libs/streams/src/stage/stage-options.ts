import type { SystemSettings } from '@wagehood/config';
import type { StageName } from '../layout/keys';
import { LIMIT_BARS_PER_SERIES, limitFor } from '../layout/limits';
import type { StreamsLog } from '../log';
import type { LogEntry } from './log-entry';
import type { RedisLink } from '../redis/connect';
import type { PartitionProcessor } from './processor';

/** What happens in a stage, for metrics and logs. Times in ms unless named otherwise. */
export type StageEvent =
  | {
      readonly type: 'acquired';
      readonly partition: number;
      readonly epoch: number;
      readonly replayed: number;
      readonly tookMs: number;
    }
  | { readonly type: 'released'; readonly partition: number; readonly epoch: number; readonly tookMs: number }
  | {
      readonly type: 'committed';
      readonly partition: number;
      readonly epoch: number;
      /** What was read for it, at least one; all of it was folded unless there was a hole. */
      readonly inputs: readonly LogEntry[];
      readonly entries: number;
      readonly bars: number;
      readonly events: number;
      readonly states: number;
      readonly tookMs: number;
      /** Server time between the oldest input's append and this commit. */
      readonly latencyMs: number;
      /** Server time between the append of the bars behind the oldest input and this commit. */
      readonly endToEndMs: number;
      /** Server time of the commit, µs: the token of what it gave out. */
      readonly atMicros: number;
    }
  | { readonly type: 'fenced' | 'rolled-back'; readonly partition: number; readonly epoch: number }
  | { readonly type: 'resynced'; readonly partition: number; readonly epoch: number; readonly reason: string }
  | { readonly type: 'back-pressured'; readonly partition: number; readonly epoch: number; readonly aheadBars: number }
  | {
      readonly type: 'dead-letter';
      readonly partition: number;
      readonly epoch: number;
      readonly symbol: string | null;
      readonly offset: number;
      readonly origin: string;
      readonly error: string;
    }
  | { readonly type: 'halted'; readonly partition: number; readonly epoch: number | null; readonly reason: string };

export interface StageOptions<Item extends { readonly cell: string }> {
  readonly link: RedisLink;
  readonly stage: StageName;
  readonly partitions: number;
  /** Unique id of this process in the stage. */
  readonly id: string;
  readonly createProcessor: (partition: number, tag: string) => PartitionProcessor<Item>;
  readonly log: StreamsLog;
  readonly onEvent?: (event: StageEvent) => void;
  /** Surrounds the handling of what a read has delivered, e.g. with a context for log lines. */
  readonly within?: <T>(partition: number, entries: readonly LogEntry[], work: () => T) => T;
  /** Kind of the entries it writes. */
  readonly outKind: string;
  /** Version of the state's format; a worker stays on standby for a partition whose state is newer. */
  readonly stateVersion: number;
  /** False while the next stage is switched off: nobody then holds the output back. */
  readonly readerEnabled?: () => boolean;
  /** A stage without essential state may begin in the middle of its input when it starts for the first time. */
  readonly beginAnywhere?: boolean;
  readonly tuning?: Partial<StageTuning>;
}

export interface StageTuning {
  readonly ttlMs: number;
  readonly heartbeatMs: number;
  /** Entries of one partition taken by one read. */
  readonly readEntries: number;
  /** Bars of one partition taken by one read, as far as the read before tells: a backlog must fit into memory. */
  readonly readBars: number;
  /** Partitions in flight at once. */
  readonly maxInFlight: number;
  readonly blockMs: number;
  /** States wait so long to be saved, in a busy partition of many series up to `snapshotWithinMs`. */
  readonly snapshotEveryMs: number;
  readonly snapshotWithinMs: number;
  readonly snapshotEveryEntries: number;
  /** Below the limit of the stage before, or that one would wait for us. */
  readonly snapshotEveryBars: number;
  /** States in one commit; more would hold Redis up for everybody. */
  readonly statesPerCommit: number;
  /** Latest values wait so long, in a busy partition of many series up to `latestWithinMs`. */
  readonly latestEveryMs: number;
  readonly latestWithinMs: number;
  readonly auditEveryMs: number;
  readonly stuckAfterMs: number;
  /** How far the output may run ahead of its reader's snapshot, bars, or bars of each series when that is more. */
  readonly outLimitBars: number;
  readonly outLimitBarsPerSeries: number;
  /** What is kept of the output where no reader trims it. */
  readonly outKeepEntries: number;
  readonly outRetainBars: number;
  readonly retainBars: number;
  readonly retainBytes: number;
  readonly historyRows: number;
  /** Rows of all series of a partition together. */
  readonly historyRowsPerPartition: number;
}

/** Limits that follow from how many bars a stream is asked to keep. */
export function tuningForRetention(
  retainBars: number,
): Pick<StageTuning, 'retainBars' | 'outRetainBars' | 'outLimitBars' | 'snapshotEveryBars'> {
  const limit = limitFor(retainBars);
  return { retainBars, outRetainBars: retainBars, outLimitBars: limit, snapshotEveryBars: Math.ceil(limit * 0.4) };
}

/** What the settings say of a stage that computes. */
export const tuningFor = (system: SystemSettings): Partial<StageTuning> => ({
  readEntries: system.batch_calculation_size,
  maxInFlight: system.max_concurrent_calculations,
  ...tuningForRetention(system.redis_streams_maxlen),
});

/** Stored latest values are at most so much older than the events of a partition that is at work. */
export const LATEST_WITHIN_MS = 5_000;

export const defaultTuning: StageTuning = {
  ttlMs: 2_000,
  heartbeatMs: 250,
  readEntries: 10,
  readBars: 2_000,
  maxInFlight: 100,
  blockMs: 100,
  snapshotEveryMs: 5_000,
  snapshotWithinMs: 15_000,
  snapshotEveryEntries: 1_000,
  snapshotEveryBars: 8_000,
  statesPerCommit: 256,
  latestEveryMs: 100,
  latestWithinMs: LATEST_WITHIN_MS,
  auditEveryMs: 1_000,
  stuckAfterMs: 60_000,
  outLimitBars: 20_000,
  outLimitBarsPerSeries: LIMIT_BARS_PER_SERIES,
  outKeepEntries: 10_000,
  outRetainBars: 10_000,
  retainBars: 10_000,
  retainBytes: 8 * 1024 * 1024,
  historyRows: 10_000,
  historyRowsPerPartition: 200_000,
};
