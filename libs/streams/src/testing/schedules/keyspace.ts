import type { RedisClient } from '../../redis/connect';

/** All keys of a partition as they stood at one moment. */
export type Keyspace = readonly (readonly [key: string, bytes: Buffer])[];

export async function dumpKeys(client: RedisClient, tag: string): Promise<Keyspace> {
  const keys = await client.keys(`*{${tag}}*`);
  const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  return keys.flatMap((key, i) => (dumps[i] ? [[key, dumps[i]] as const] : []));
}

/** What a failover to a replica that lags does: everything since then was never written. */
export async function restoreKeys(client: RedisClient, tag: string, earlier: Keyspace): Promise<void> {
  const present = await client.keys(`*{${tag}}*`);
  const transaction = client.multi();
  if (present.length > 0) transaction.del(...present);
  for (const [key, bytes] of earlier) transaction.restore(key, 0, bytes);
  await transaction.exec();
}
