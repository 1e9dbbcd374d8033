import type { StageWorker } from '@wagehood/streams';
import type { Metrics } from '../metrics';
import type { Part, PartState } from '../part';
import { watchStage } from './stage-gauges';

const STUCK_AFTER_MS = 60_000;

/** A stage worker as a part: ready when every partition that should be ours is loaded, alive while commits move. */
export function stagePart(worker: StageWorker, metrics: Metrics): Part {
  watchStage(metrics, worker);
  return {
    name: 'stage',
    start: () => worker.start(),
    stop: () => worker.stop(),
    ready: () => readiness(worker),
    live() {
      const { stuckForMs } = worker.status();
      return {
        ok: stuckForMs < STUCK_AFTER_MS,
        detail: `no progress for ${Math.round(stuckForMs / 1_000)} s while input waits`,
      };
    },
    announce: () => ({ partitions: worker.status().owned.length }),
  };
}

function readiness(worker: StageWorker): PartState {
  const { owned, awaited, halted } = worker.status();
  const [reason] = halted.values();
  if (reason) return { ok: false, detail: `${halted.size} partitions halted: ${reason}` };
  const loading = owned.filter(({ state }) => state === 'loading').length + awaited;
  return {
    ok: loading === 0,
    detail: loading === 0 ? `${owned.length} partitions` : `waiting for ${loading} partitions`,
  };
}
