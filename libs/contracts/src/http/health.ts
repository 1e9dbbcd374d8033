import { z } from 'zod';
import { time } from './fields';

const state = z.enum(['healthy', 'degraded', 'unhealthy']);

/** GET /health: the whole system as the api sees it. 200 with `healthy` or `degraded`, 503 with `unhealthy`. */
export const healthResponse = z
  .object({
    status: state,
    time,
    version: z.string(),
    uptimeSeconds: z.number(),
    redis: z.object({ ok: z.boolean(), detail: z.string() }),
    services: z.array(
      z.object({
        /** calculation, strategy, alerting, ingestion. */
        name: z.string(),
        ok: z.boolean(),
        /** Processes alive. */
        instances: z.int().nonnegative(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Health' });

export type HealthResponse = z.output<typeof healthResponse>;
