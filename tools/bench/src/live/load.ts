import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

/** What a load is made of. */
export interface LoadPlan {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly forMs: number;
}

export interface LoadResult {
  /** ms from the moment at which each request was due: a server that stalls cannot hide behind a client that waits. */
  readonly latencies: readonly number[];
  /** Answers other than 200. */
  readonly failures: number;
}

const CONNECTIONS = 32;

/** Sends requests at a constant rate, whatever the answers do, and takes each path in turn. */
export async function runLoad({ origin, paths, perSecond, forMs }: LoadPlan): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const latencies: number[] = [];
  const inFlight = new Set<Promise<void>>();
  let failures = 0;
  const total = Math.floor((perSecond * forMs) / 1_000);
  const startedAt = performance.now();
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000));
    for (; sent < due; sent++) {
      const dueAt = startedAt + (sent * 1_000) / perSecond;
      const path = paths[sent % paths.length] as string;
      const request = pool
        .request({ path, method: 'GET' })
        .then(async ({ statusCode, body }) => {
          await body.dump();
          latencies.push(performance.now() - dueAt);
          if (statusCode !== 200) failures++;
        })
        .catch(() => void failures++)
        .finally(() => inFlight.delete(request));
      inFlight.add(request);
    }
    await delay(1);
  }
  await Promise.all(inFlight);
  await pool.close();
  return { latencies, failures };
}

/** The load as a process of its own: takes a plan over the channel, answers with the result. */
export function serveLoad(): void {
  process.on('message', (plan: LoadPlan) => void runLoad(plan).then((result) => process.send?.(result)));
  process.stdout.write('{"message":"ready"}\n');
}
