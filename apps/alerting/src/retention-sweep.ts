import type { Logger } from '@wagehood/service';
import { partitionTags, streamKey, type RedisLink } from '@wagehood/streams';
import type { DeliveryQueue } from './delivery-queue';

/** Forgets the jobs whose signals are gone from signal_stream, partition by partition. Any number of processes may. */
export async function sweepJobs(
  link: RedisLink,
  partitions: number,
  queue: Pick<DeliveryQueue, 'forget'>,
  log: Logger,
): Promise<void> {
  for (const tag of partitionTags(partitions)) {
    const [first] = await link.commands.xrange(streamKey('signal_stream', tag), '-', '+', 'COUNT', 1);
    if (!first) continue;
    const removed = await queue.forget(tag, Number(first[0].split('-')[0]));
    if (removed > 0) log.debug('forgot deliveries whose signals have left the stream', { removed });
  }
}
