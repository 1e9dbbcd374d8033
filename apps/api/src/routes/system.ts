import type { Router } from 'express';
import { resource } from '../http/resource';
import { sendJson } from '../http/send';
import { viewHealth } from '../read-model/health-view';
import { parseMemoryInfo, viewStats } from '../read-model/stats-view';
import type { PipelineSnapshot } from '../read-model/stage-snapshot';
import type { RouteDeps } from './deps';
import { currentConfig } from './known';

const DEFAULT_LAG_LIMIT_BARS = 10_000;

/** GET /health, open to everybody, and GET /stats. */
export function addSystemRoutes(router: Router, deps: RouteDeps): void {
  const { guard, pipeline, config, redisFault, memoryInfo, version, partitions, hub } = deps;

  const pipelineNow = async (): Promise<PipelineSnapshot | null> => {
    if (redisFault() !== null) return null;
    return pipeline.snapshots().then(
      ({ newest }) => newest,
      () => null,
    );
  };

  resource(router, '/health', {
    GET: [
      ...guard.requires(null),
      async (_req, res) => {
        const snapshot = await pipelineNow();
        const health = viewHealth({
          nowMs: Date.now(),
          uptimeSeconds: Math.round(process.uptime()),
          version,
          redisFault: redisFault() ?? (snapshot ? null : 'Redis does not answer in time'),
          pipeline: snapshot,
          lagLimitBars: config()?.settings.system.redis_streams_maxlen ?? DEFAULT_LAG_LIMIT_BARS,
          configured: config() !== null,
        });
        sendJson(res, health, health.status === 'unhealthy' ? 503 : 200);
      },
    ],
  });

  resource(router, '/stats', {
    GET: [
      ...guard.requires('read'),
      async (_req, res) => {
        const view = currentConfig(deps);
        const [{ newest, oldest }, info] = await Promise.all([pipeline.snapshots(), memoryInfo()]);
        const stats = viewStats({
          nowMs: Date.now(),
          uptimeSeconds: Math.round(process.uptime()),
          config: view,
          partitions,
          newest,
          oldest,
          memory: parseMemoryInfo(info),
          streamClients: hub.size,
        });
        sendJson(res, stats);
      },
    ],
  });
}
