import type { StageName } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import type { ServiceProcess } from './service-process';
import type { System } from './system';

/** Bars (events) that a stage has committed, all partitions together. */
export async function committed({ reader }: System, stage: StageName = 'calculation'): Promise<number> {
  return (await reader.stageStats(stage)).reduce((sum, { bars }) => sum + bars, 0);
}

/** Waits until a stage has committed `more` further bars. */
export async function moreCommitted(system: System, more: number, stage: StageName = 'calculation'): Promise<void> {
  const before = await committed(system, stage);
  await until(async () => (await committed(system, stage)) >= before + more, {
    timeoutMs: 30_000,
    everyMs: 25,
    what: `${more} more bars through ${stage}`,
  });
}

/** Waits until both stages have committed everything that is in their inputs, and latest values are out. */
export async function atRest(system: System, timeoutMs = 60_000): Promise<void> {
  let before = '';
  await until(
    async () => {
      const stats = await Promise.all([system.reader.stageStats('calculation'), system.reader.stageStats('strategy')]);
      const now = JSON.stringify(stats);
      const quiet = now === before && stats.flat().every(({ off, tail }) => off === tail);
      before = now;
      return quiet;
    },
    { timeoutMs, everyMs: 250, what: 'the pipeline at rest' },
  );
}

/** Waits until the provider has no more bars and all of them are in the log. */
export async function ended(ingestion: ServiceProcess, timeoutMs = 60_000): Promise<void> {
  const message = 'end of data: the provider has no more bars; staying up';
  await until(() => ingestion.logged(message).length > 0, { timeoutMs, everyMs: 25, what: 'the end of the data' });
  await until(async () => (await ingestion.probe('/readyz')).text.includes('log: 0 bars queued'), {
    timeoutMs,
    everyMs: 25,
    what: 'an empty queue of ingestion',
  });
}
