import type { RedisClient } from '../../redis/connect';

/** All keys of a partition as they stood at one moment. */
export type Keyspace = readonly (readonly [key: string, bytes: Buffer])[];

// At once, both: a commit that nobody waits for any more may arrive between two commands, and with it a key that was not there.
const DUMP = `
local found = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  found[#found + 1] = key
  found[#found + 1] = redis.call('DUMP', key)
end
return found`;
const RESTORE = `
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end
for i = 2, #ARGV, 2 do redis.call('RESTORE', ARGV[i], 0, ARGV[i + 1]) end`;

const keysOf = (tag: string): string => `*{${tag}}*`;

export async function dumpKeys(client: RedisClient, tag: string): Promise<Keyspace> {
  const found = (await client.callBuffer('eval', DUMP, '0', keysOf(tag))) as Buffer[];
  return Array.from({ length: found.length / 2 }, (_, i) => [String(found[2 * i]), found[2 * i + 1] as Buffer]);
}

/** What a failover to a replica that lags does: everything since then was never written. */
export async function restoreKeys(client: RedisClient, tag: string, earlier: Keyspace): Promise<void> {
  await client.callBuffer('eval', RESTORE, '0', keysOf(tag), ...earlier.flat());
}
