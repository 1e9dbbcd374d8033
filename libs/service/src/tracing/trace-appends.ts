import { partitionTags, stageLayouts, type ProducerHooks } from '@wagehood/streams';
import { idsOfEntry } from './trace-ids';
import type { Tracing } from './tracing';

/** A span for each entry that enters the log: the beginning of a trace. Without tracing the hooks as they are. */
export function traceAppends(tracing: Tracing | undefined, partitions: number, hooks: ProducerHooks): ProducerHooks {
  if (!tracing) return hooks;
  const tags = partitionTags(partitions);
  const stream = stageLayouts.calculation.input;
  return {
    ...hooks,
    onAppended(partition, bars, token, tookMs) {
      hooks.onAppended?.(partition, bars, token, tookMs);
      const ids = idsOfEntry(stream, tags[partition] as string, { token, origin: token });
      if (!tracing.keeps(ids)) return;
      const endMicros = Number(token);
      tracing.record({
        name: 'append',
        kind: 'producer',
        ids,
        startMicros: endMicros - tookMs * 1_000,
        endMicros,
        attributes: {
          'messaging.system': 'redis',
          'messaging.operation.type': 'send',
          'messaging.operation.name': 'append',
          'messaging.destination.name': stream,
          'messaging.destination.partition.id': `${partition}`,
          'messaging.batch.message_count': 1,
          'wagehood.partition': partition,
          'wagehood.bars': bars,
        },
      });
    },
  };
}
