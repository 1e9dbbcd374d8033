import { partitionTags, stageLayouts, type LogEntry, type StageEvent, type StageName } from '@wagehood/streams';
import { withinTrace } from './trace-context';
import { idsOfEntry, type SpanIds } from './trace-ids';
import type { Tracing } from './tracing';

/** For `StageOptions`. */
export interface TracedStage {
  readonly onEvent: (event: StageEvent) => void;
  readonly within?: <T>(partition: number, entries: readonly LogEntry[], work: () => T) => T;
}

const MOST_LINKS = 128;

/** A span for each commit of a stage, child of the entry that it began with; without tracing `onEvent` alone, as it is. */
export function traceStage(
  tracing: Tracing | undefined,
  stage: StageName,
  partitions: number,
  onEvent: (event: StageEvent) => void,
): TracedStage {
  if (!tracing) return { onEvent };
  const { input } = stageLayouts[stage];
  const tags = partitionTags(partitions);
  return {
    onEvent(event) {
      onEvent(event);
      if (event.type === 'committed') recordCommit(tracing, stage, tags[event.partition] as string, event);
    },
    within(partition, [first], work) {
      return first ? withinTrace(idsOfEntry(input, tags[partition] as string, first), work) : work();
    },
  };
}

type Committed = Extract<StageEvent, { type: 'committed' }>;

function recordCommit(tracing: Tracing, stage: StageName, tag: string, event: Committed): void {
  const { input, output } = stageLayouts[stage];
  const { inputs, atMicros, tookMs } = event;
  const [first] = inputs;
  const last = inputs.at(-1);
  if (!first || !last) return;
  const ids = idsOfEntry(output, tag, { token: `${atMicros}`, origin: first.origin });
  if (!tracing.keeps(ids)) return;
  const spanOf = (entry: LogEntry): SpanIds => idsOfEntry(input, tag, entry);
  tracing.record({
    name: `${stage} commit`,
    kind: 'consumer',
    ids,
    parent: spanOf(first),
    links: inputs.slice(1, 1 + MOST_LINKS).map(spanOf),
    startMicros: atMicros - tookMs * 1_000,
    endMicros: atMicros,
    attributes: {
      'messaging.system': 'redis',
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'commit',
      'messaging.destination.name': input,
      'messaging.destination.partition.id': `${event.partition}`,
      'messaging.consumer.group.name': stage,
      'messaging.batch.message_count': inputs.length,
      'wagehood.partition': event.partition,
      'wagehood.epoch': event.epoch,
      'wagehood.first_offset': first.offset,
      'wagehood.last_offset': last.offset,
      'wagehood.bars': event.bars,
      'wagehood.events': event.events,
      'wagehood.output': output,
    },
  });
}
