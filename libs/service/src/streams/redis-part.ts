import { setTimeout as delay } from 'node:timers/promises';
import { claimPartitions, isRetriable, type RedisLink } from '@wagehood/streams';
import type { Part } from '../part';

const RETRY_MS = 250;

/**
 * Redis as a part: waits until it answers (saying on /readyz why it does not), then holds this process to the number of
 * partitions that the Redis was started with. Stops last, because parts stop in reverse.
 */
export function redisPart(link: RedisLink, partitions: number): Part {
  let stopped = false;
  return {
    name: 'redis',
    async start() {
      await link.ready();
      while (!stopped) {
        try {
          return await claimPartitions(link, partitions);
        } catch (error) {
          if (!isRetriable(error)) throw error;
          await delay(RETRY_MS);
        }
      }
    },
    stop() {
      stopped = true; // a start that still tries would go on for ever: a closed connection looks like one that is away
      return link.close();
    },
    ready() {
      const { ok, error } = link.status();
      return { ok, detail: error ?? 'connected' };
    },
  };
}
