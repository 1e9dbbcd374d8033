import { z } from 'zod';
import { time } from './fields';
import { fleetView } from './fleet';

/** One stage of the pipeline, summed over its partitions. */
export const stageStats = z.object({
  name: z.string(),
  instances: z.int().nonnegative(),
  partitions: z.int().nonnegative(),
  /** Partitions that some process owns. */
  owned: z.int().nonnegative(),
  /** Bars (or events) that wait, from own counters. */
  lagBars: z.number().nonnegative(),
  /** Bars per second over the last few seconds. */
  barsPerSecond: z.number().nonnegative(),
  deadLetters: z.int().nonnegative(),
});

/** GET /stats. */
export const statsResponse = z
  .object({
    time,
    uptimeSeconds: z.number(),
    /** Version of the configuration in force. */
    configVersion: z.int().nonnegative(),
    symbols: z.int().nonnegative(),
    series: z.int().nonnegative(),
    partitions: z.int().positive(),
    bars: z.number().nonnegative(),
    signals: z.number().nonnegative(),
    alerts: z.number().nonnegative(),
    barsPerSecond: z.number().nonnegative(),
    stages: z.array(stageStats),
    redis: z.object({
      ok: z.boolean(),
      usedMemoryBytes: z.number().nonnegative().nullable(),
      maxMemoryBytes: z.number().nonnegative().nullable(),
    }),
    stream: z.object({ clients: z.int().nonnegative() }),
    fleet: fleetView.optional(),
  })
  .meta({ id: 'Stats' });

export type StageStats = z.output<typeof stageStats>;
export type StatsResponse = z.output<typeof statsResponse>;
