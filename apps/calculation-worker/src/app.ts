import { catalogs } from '@wagehood/extensions';
import {
  countStageEvents,
  redisPart,
  stagePart,
  traceStage,
  watchRedis,
  type Part,
  type ServiceDeps,
} from '@wagehood/service';
import { connectRedis, createStageWorker, tuningFor, type StageWorker } from '@wagehood/streams';
import { CalculationProcessor, type CalculationItem } from './calculation-processor';
import type { Env } from './env';

/** Raised when the bytes of a stored cell change their meaning. */
const STATE_VERSION = 2;

export function build({ env, id, log, metrics, tracing }: ServiceDeps<Env>): readonly Part[] {
  const link = connectRedis(env.redis, { name: 'calculation-worker', log });
  watchRedis(metrics, link);
  const worker: StageWorker = createStageWorker<CalculationItem>({
    link,
    stage: 'calculation',
    partitions: env.partitions,
    id,
    createProcessor: () =>
      new CalculationProcessor(catalogs.indicators, ({ system }) => worker.tune(tuningFor(system))),
    log,
    ...traceStage(tracing, 'calculation', env.partitions, countStageEvents(metrics, log).onEvent),
    outKind: 'bar',
    stateVersion: STATE_VERSION,
  });
  return [redisPart(link, env.partitions), stagePart(worker, metrics)];
}
