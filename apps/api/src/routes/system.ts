import type { Router } from 'express';
import type { Ask } from '../http/known-urls';
import { serialise, type Answer } from '../http/send';
import { viewHealth } from '../read-model/health-view';
import { MicroCache } from '../read-model/micro-cache';
import { parseMemoryInfo, viewStats } from '../read-model/stats-view';
import type { PipelineSnapshot } from '../read-model/stage-snapshot';
import type { RouteDeps } from './deps';
import { hotRoute } from './hot-route';
import { currentConfig } from './known';

const DEFAULT_LAG_LIMIT_BARS = 10_000;
/** Everybody who asks within this time gets the same answer. */
const FRESH_MS = 100;

/** GET /health, open to everybody, and GET /stats. */
export function addSystemRoutes(router: Router, deps: RouteDeps): void {
  hotRoute(router, '/health', deps, null, () => sharedFor(FRESH_MS, () => health(deps)));
  hotRoute(router, '/stats', deps, 'read', () => {
    currentConfig(deps);
    return sharedFor(FRESH_MS, () => stats(deps));
  });
}

/** Makes an answer once for all who ask within a moment; a bad one is made anew each time. */
function sharedFor(freshMs: number, make: () => Promise<Answer>): Ask {
  const cache = new MicroCache<Answer>(freshMs, 1);
  return () =>
    cache.get('', async () => {
      const answer = await make();
      if (answer.status !== 200) cache.clear();
      return answer;
    });
}

async function health({ pipeline, config, redisFault, version }: RouteDeps): Promise<Answer> {
  const snapshot = redisFault() === null ? await pipelineNow(pipeline) : null;
  const view = viewHealth({
    nowMs: Date.now(),
    uptimeSeconds: Math.round(process.uptime()),
    version,
    redisFault: redisFault() ?? (snapshot ? null : 'Redis does not answer in time'),
    pipeline: snapshot,
    lagLimitBars: config()?.settings.system.redis_streams_maxlen ?? DEFAULT_LAG_LIMIT_BARS,
    configured: config() !== null,
  });
  return { status: view.status === 'unhealthy' ? 503 : 200, body: serialise(view) };
}

const pipelineNow = (pipeline: RouteDeps['pipeline']): Promise<PipelineSnapshot | null> =>
  pipeline.snapshots().then(
    ({ newest }) => newest,
    () => null,
  );

async function stats(deps: RouteDeps): Promise<Answer> {
  const { pipeline, memoryInfo, partitions, hub, kubernetes, processId } = deps;
  const [{ newest, oldest }, info] = await Promise.all([pipeline.snapshots(), memoryInfo()]);
  const view = viewStats({
    nowMs: Date.now(),
    uptimeSeconds: Math.round(process.uptime()),
    config: currentConfig(deps),
    partitions,
    newest,
    oldest,
    memory: parseMemoryInfo(info),
    streamClients: hub.size,
    kubernetes: kubernetes(),
    processId,
  });
  return { status: 200, body: serialise(view) };
}
