import type { HealthResponse } from '@wagehood/contracts';
import type { PipelineSnapshot, StageSnapshot } from './stage-snapshot';

export interface HealthInput {
  readonly nowMs: number;
  readonly uptimeSeconds: number;
  readonly version: string;
  /** Null = Redis answers. */
  readonly redisFault: string | null;
  /** Null = it could not be read. */
  readonly pipeline: PipelineSnapshot | null;
  /** Bars that a stage may lag before it counts as degraded. */
  readonly lagLimitBars: number;
  /** False until the configuration has been written once. */
  readonly configured: boolean;
}

/** The whole system in one word, and why: `unhealthy` without Redis, `degraded` when a stage is missing or far behind. */
export function viewHealth(input: HealthInput): HealthResponse {
  const { nowMs, uptimeSeconds, version, redisFault, pipeline, configured } = input;
  const redis = { ok: redisFault === null, detail: redisFault ?? 'answers' };
  const api = {
    name: 'api',
    ok: configured,
    instances: 1,
    detail: configured ? 'serves' : 'waits for the configuration',
  };
  const services = [api, ...(pipeline ? viewServices(pipeline, input.lagLimitBars) : [])];
  const degraded = services.some(({ ok }) => !ok);
  return {
    status: !redis.ok || !pipeline ? 'unhealthy' : degraded ? 'degraded' : 'healthy',
    time: new Date(nowMs).toISOString(),
    version,
    uptimeSeconds,
    redis,
    services,
  };
}

function viewServices(
  { ingestionInstances, stages }: PipelineSnapshot,
  lagLimitBars: number,
): HealthResponse['services'] {
  const ingestion = {
    name: 'ingestion',
    ok: ingestionInstances > 0,
    instances: ingestionInstances,
    detail: ingestionInstances > 0 ? 'feeds' : 'no process is alive',
  };
  return [ingestion, ...stages.map((stage) => viewStage(stage, lagLimitBars))];
}

function viewStage({ name, instances, partitions, lagBars }: StageSnapshot, lagLimitBars: number) {
  const owned = partitions.filter(({ owner }) => owner !== '').length;
  const behind = lagBars > lagLimitBars;
  const standing = `${owned} of ${partitions.length} partitions owned, ${lagBars} bars behind`;
  return {
    name,
    ok: instances > 0 && owned === partitions.length && !behind,
    instances,
    detail: instances > 0 ? standing : `no process is alive; ${standing}`,
  };
}
