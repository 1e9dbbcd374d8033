import { until } from '@wagehood/testing';
import { alertsKey, signalsKey, stageNames, streamKey, type StageName } from '../../layout/keys';
import { partitionTags } from '../../layout/partition';
import { createReader } from '../../read/reader';
import type { PartitionProcessor } from '../../stage/processor';
import type { StageOptions } from '../../stage/stage-options';
import type { StageWorker } from '../../stage/stage-worker';
import { numberedBars } from '../bars';
import { countingProcessor, type CountingItem } from '../counting';
import type { CountedEvent, Fixture } from '../fixture';
import { parseEntry } from '../../stage/log-entry';

/** A bar with this close is dead-lettered by every stage that it reaches. */
export const POISON = 7;

/** All three stages and a producer over one number of partitions, from a start to a clean end. */
export async function live(
  fixture: Fixture,
  partitions: number,
  symbols: readonly string[],
  from: number,
  to: number,
): Promise<void> {
  const reader = createReader(fixture.link(), partitions);
  const producer = await fixture.producer({ partitions });
  const workers = stageNames.map((stage) => workerOf(fixture, partitions, stage));
  await Promise.all(workers.map((worker) => worker.start()));
  await producer.lastTimes(symbols.map((symbol) => `${symbol}|1s` as const));
  await producer.offer(numberedBars(symbols, from, to));
  await producer.flush();
  await producer.stop();
  // Stage after stage, as bars flow: a stage is at rest only when nothing can come from those before it.
  const drained = async () => {
    for (const stage of stageNames) {
      const stats = await reader.stageStats(stage);
      if (stats.some(({ off, tail, owner }) => off !== tail || owner === '')) return false;
    }
    return true;
  };
  await until(drained, { timeoutMs: 20_000, everyMs: 20, what: `${partitions} partitions at rest` });
  for (const worker of workers) await worker.stop();
}

function workerOf(fixture: Fixture, partitions: number, stage: StageName): StageWorker {
  const outKind = { calculation: 'bar', strategy: 'signal', alerting: 'alert' }[stage];
  const options: Partial<StageOptions<CountingItem>> = {
    stage,
    outKind,
    partitions,
    createProcessor: (_, tag) => listing(stage, tag),
  };
  return fixture.worker(`worker-of-${stage}`, {}, options);
}

/** Counts, and keeps lists as strategy-evaluator and alerting do. */
function listing(stage: StageName, tag: string): PartitionProcessor<CountingItem> {
  const counting = countingProcessor(stage === 'calculation' ? {} : { poison: POISON, rows: false });
  return {
    ...counting,
    step(item, entry, outbox) {
      counting.step(item, entry, outbox);
      const { symbol, timestamp } = item.bar;
      if (stage === 'strategy') outbox.list(signalsKey(tag, symbol), JSON.stringify({ symbol, timestamp }), 100);
      if (stage === 'alerting')
        outbox.list(alertsKey(tag), JSON.stringify({ signal: { symbol }, createdAt: timestamp }), 500);
    },
  };
}

/** Events of a stream over all partitions, in order within each symbol. */
export async function eventsOf(fixture: Fixture, partitions: number): Promise<CountedEvent[]> {
  const { commands } = fixture.link();
  const all = await Promise.all(
    partitionTags(partitions).map((tag) => commands.xrange(streamKey('calculation_events_stream', tag), '-', '+')),
  );
  return all.flat().flatMap((raw) => JSON.parse(parseEntry(raw).data) as CountedEvent[]);
}
