import { stageStats, statsResponse } from '@wagehood/contracts';
import { z } from 'zod';

const partitionDocument = z.object({
  partition: z.int().nonnegative(),
  /** Id of the process that owns it. */
  owner: z.string().nullable(),
  epoch: z.int().nonnegative(),
  /** Since the last heartbeat of the owner; null when no living process owns it. */
  leaseAgeSeconds: z.number().nonnegative().nullable(),
  /** Committed entry of the input, and its last one. */
  offset: z.int().nonnegative(),
  tail: z.int().nonnegative(),
  lagBars: z.number().nonnegative(),
  /** Since the append of the oldest input that no snapshot holds; 0 when all is saved. */
  snapshotAgeSeconds: z.number().nonnegative(),
  deadLetters: z.int().nonnegative(),
});

/** GET /stats: the contract's statistics, and each partition of each stage. */
export const statsDocument = statsResponse.extend({
  stages: z.array(stageStats.extend({ byPartition: z.array(partitionDocument) })),
});
