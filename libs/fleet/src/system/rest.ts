import type { StageName } from '@wagehood/streams';
import { until, type UntilOptions } from '@wagehood/testing';
import type { ServiceProcess } from '../process/service-process';
import type { System } from './system';

const STAGES: readonly StageName[] = ['calculation', 'strategy'];

/** Bars (events) that a stage has committed, all partitions together. */
export async function committed({ reader }: System, stage: StageName = 'calculation'): Promise<number> {
  return (await reader.stageStats(stage)).reduce((sum, { bars }) => sum + bars, 0);
}

/** Waits until a stage has committed `more` further bars. */
export async function moreCommitted(
  system: System,
  more: number,
  stage: StageName = 'calculation',
  timeoutMs = 30_000,
): Promise<void> {
  let before: number | null = null;
  const enough = async () => (await committed(system, stage)) >= (before ??= await committed(system, stage)) + more;
  await patiently(system, enough, { timeoutMs, everyMs: 25, what: `${more} more bars through ${stage}` });
}

/** Waits until the provider delivers live bars and the stages have worked off its history: from here on it is mid-stream. */
export async function inMidStream(system: System, ingestion: ServiceProcess): Promise<void> {
  const flowing = async () => {
    const stats = await Promise.all(STAGES.map((stage) => system.reader.stageStats(stage)));
    return ingestion.logged('live').length > 0 && stats.flat().every(({ bars, lagBars }) => bars > 0 && lagBars < 100);
  };
  await patiently(system, flowing, { timeoutMs: 30_000, everyMs: 50, what: 'live bars' });
}

/** Waits until the stages have committed everything that is in their inputs, and stay so. */
export async function atRest(system: System, timeoutMs = 60_000, stages = STAGES): Promise<void> {
  let before = '';
  const quiet = async () => {
    const stats = await Promise.all(stages.map((stage) => system.reader.stageStats(stage)));
    const [last, now] = [before, JSON.stringify(stats)];
    before = now;
    return now === last && stats.flat().every(({ off, tail }) => off === tail);
  };
  await patiently(system, quiet, { timeoutMs, everyMs: 250, what: 'the pipeline at rest' }, stages);
}

/** Waits until the provider has no more bars and all of them are in the log. */
export async function ended(system: System, ingestion: ServiceProcess, timeoutMs = 60_000): Promise<void> {
  const message = 'end of data: the provider has no more bars; staying up';
  const done = async () =>
    ingestion.logged(message).length > 0 && (await ingestion.probe('/readyz')).text.includes('log: 0 bars queued');
  await patiently(system, done, { timeoutMs, everyMs: 25, what: 'the end of the data' });
}

/** Awaits a condition; when it does not come true, tells where the whole system stands. */
async function patiently(
  system: System,
  condition: () => Promise<boolean>,
  options: UntilOptions,
  lookedAt = STAGES,
): Promise<void> {
  await until(condition, options).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${await standing(system, lookedAt)}`, { cause: error });
  });
}

async function standing(system: System, lookedAt: readonly StageName[]): Promise<string> {
  const stages = lookedAt.map(async (stage) => {
    const stats = await system.reader.stageStats(stage);
    const behind = stats.filter(({ off, tail, snapshotAgeMs }) => off !== tail || snapshotAgeMs > 0);
    return [`${stage}: ${behind.length} partitions behind or unsaved`, ...behind.map((stats) => JSON.stringify(stats))];
  });
  const services = system.all().map(async (service) => {
    const state = await service.probe('/readyz').then(({ status, text }) => `${status} ${text}`, String);
    return [`${service.name} ${service.pid}: ${state}`, ...service.lines.slice(-3).map((line) => JSON.stringify(line))];
  });
  return (await Promise.all([...stages, ...services])).flat().join('\n');
}
