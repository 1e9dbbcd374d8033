import { z } from 'zod';
import { count, providerField, seconds } from './fields';
import type { ObjectMaker } from './object-maker';

/** The `system` section: every field has a variable of the environment and some have a flag (see `sources.ts`). */
export const systemSettings = (object: ObjectMaker) =>
  object({
    /** Batches in flight per worker, upper bound. */
    max_concurrent_calculations: count(1, 100_000).default(100),
    /** Entries per read; one entry is a batch of bars. */
    batch_calculation_size: count(1, 10_000).default(10),
    /** Seconds between two updates of a symbol. */
    data_update_interval_seconds: seconds(0.05, 86_400).default(1),
    /** Worker processes that the local runner starts. */
    calculation_workers: count(1, 64).default(4),
    /** Retention in bars per stream. */
    redis_streams_maxlen: count(100, 100_000_000).default(10_000),
    enable_monitoring: z.boolean().default(true),
    enable_alerts: z.boolean().default(true),
    /** The provider of watchlist entries that name none. */
    data_provider: providerField.default('mock'),
  });
