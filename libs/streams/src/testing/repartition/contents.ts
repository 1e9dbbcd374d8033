import type { RedisClient } from '../../redis/connect';

/** Everything in a Redis, readable and in one order: what two equal ones have in common. */
export async function contentsOf(client: RedisClient): Promise<Record<string, unknown>> {
  const keys = (await client.keys('*')).sort();
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await valueOf(client, key)] as const)));
}

async function valueOf(client: RedisClient, key: string): Promise<unknown> {
  const type = await client.type(key);
  if (type === 'string') return (await client.getBuffer(key))?.toString('base64');
  if (type === 'list') return client.lrange(key, 0, -1);
  if (type === 'stream') return client.xrange(key, '-', '+');
  if (type === 'zset') return client.zrange(key, '0', '-1', 'WITHSCORES');
  const fields = Object.entries(await client.hgetallBuffer(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([field, value]) => [field, value.toString('base64')]);
}

export type Dump = readonly (readonly [key: string, bytes: Buffer])[];

export async function dumpAll(client: RedisClient): Promise<Dump> {
  const keys = await client.keys('*');
  return Promise.all(keys.map(async (key) => [key, (await client.dumpBuffer(key)) as Buffer] as const));
}

/** Nothing but what the dump holds. */
export async function restoreAll(client: RedisClient, dump: Dump): Promise<void> {
  await client.flushall();
  await Promise.all(dump.map(([key, bytes]) => client.restore(key, 0, bytes)));
}
