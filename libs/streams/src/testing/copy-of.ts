import type { RedisClient } from '../redis/connect';

/** A copy of all that Redis holds, and how to put it back over a connection, in one go; keys that are new since then stay. */
export async function copyOf(commands: RedisClient): Promise<(over: RedisClient) => Promise<unknown>> {
  const keys = (await commands.keys('*')).filter((key) => !key.startsWith('members:'));
  const dumps = await Promise.all(keys.map((key) => commands.dumpBuffer(key)));
  return (over) => Promise.all(keys.map((key, i) => over.restore(key, 0, dumps[i] as Buffer, 'REPLACE')));
}
