import type { Settings } from '@wagehood/config';
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
import { connectRedis, createControl, createStageWorker, tuningFor, type StageWorker } from '@wagehood/streams';
import { alertsSwitch } from './alerts-switch';
import type { Env } from './env';
import { StrategyProcessor, type StrategyItem } from './strategy-processor';

/** Raised when the bytes of a stored cell change their meaning. */
const STATE_VERSION = 2;

export function build({ env, id, log, metrics, tracing }: ServiceDeps<Env>): readonly Part[] {
  const link = connectRedis(env.redis, { name: 'strategy-evaluator', log });
  watchRedis(metrics, link);
  const follow = ({ system }: Settings): void => worker.tune(tuningFor(system));
  const reader = alertsSwitch(createControl(link));
  const worker: StageWorker = createStageWorker<StrategyItem>({
    link,
    stage: 'strategy',
    partitions: env.partitions,
    id,
    createProcessor: (_partition, tag) => new StrategyProcessor(catalogs, tag, follow),
    log,
    ...traceStage(tracing, 'strategy', env.partitions, countStageEvents(metrics, log).onEvent),
    outKind: 'signal',
    stateVersion: STATE_VERSION,
    readerEnabled: reader.isOn,
  });
  return [redisPart(link, env.partitions), reader.part, stagePart(worker, metrics)];
}
