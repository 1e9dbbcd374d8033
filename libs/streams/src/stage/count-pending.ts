import type { RedisClient } from '../redis/connect';
import { redisFault } from '../redis/errors';

/** Entries that were delivered to a group and not acknowledged; a group that is gone has none. */
export async function countPending(client: RedisClient, stream: string, group: string): Promise<number> {
  try {
    const [count] = await client.xpending(stream, group);
    return Number(count);
  } catch (error) {
    if (redisFault(error) === 'group-gone') return 0;
    throw error;
  }
}
