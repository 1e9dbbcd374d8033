import { GATHER_BARS, GATHER_BARS_PER_SERIES, LIMIT_BARS_PER_SERIES } from '../layout/limits';

export interface ProducerTuning {
  /** How long a batch waits for company, ms: longer and longer in a busy market, and longer still under a load: while batches are longer than an entry and bring more than is live. */
  readonly lingerMs: number;
  readonly maxLingerMs: number;
  readonly bulkLingerMs: number;
  /** Bars after which an entry ends, with the run that makes it so long, and a run itself. */
  readonly maxEntryBars: number;
  /** Bars that wait for company, of each series and in all, when that is more: an entry then has many bars of few series. */
  readonly gatherBarsPerSeries: number;
  readonly gatherBars: number;
  /** Batches queued per partition before `offer` makes its caller wait. */
  readonly queueBatches: number;
  /** How far the log may run ahead of the snapshot of its reader, bars, or bars of each series when that is more. */
  readonly limitBars: number;
  readonly limitBarsPerSeries: number;
  readonly ringMs: number;
  readonly ringBars: number;
  readonly ttlMs: number;
  readonly heartbeatMs: number;
  /** Share of maxmemory from which nothing is appended any more. */
  readonly memoryLimit: number;
  /** How often the logs are compared with what we remember of them, ms. */
  readonly auditEveryMs: number;
}

export const defaultProducerTuning: ProducerTuning = {
  lingerMs: 5,
  maxLingerMs: 40,
  bulkLingerMs: 2_500,
  maxEntryBars: 1_000,
  gatherBarsPerSeries: GATHER_BARS_PER_SERIES,
  gatherBars: GATHER_BARS,
  queueBatches: 2,
  limitBars: 20_000,
  limitBarsPerSeries: LIMIT_BARS_PER_SERIES,
  ringMs: 15_000,
  ringBars: 20_000,
  ttlMs: 2_000,
  heartbeatMs: 250,
  memoryLimit: 0.85,
  auditEveryMs: 2_000,
};
