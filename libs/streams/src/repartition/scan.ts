import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from '../redis/connect';

/** Copies are made under their later names with this in front: the same hash tag, so the same slot. */
export const COPY = 'next:';

const PAGE = 1_000;
const AT_ONCE = 100;

/** Every key, in pages; a key may come twice. */
export async function* scanKeys(client: RedisClient, match: string): AsyncGenerator<string[]> {
  for (const node of nodesOf(client)) {
    for (let cursor = '0'; ;) {
      const [next, keys] = await node.scan(cursor, 'MATCH', match, 'COUNT', PAGE);
      yield keys;
      if ((cursor = next) === '0') break;
    }
  }
}

export const nodesOf = (client: RedisClient): readonly Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client as Redis];

/** The keys of these partitions by tag, without `prefix`, which all of them have. */
export async function keysByTag(
  client: RedisClient,
  tags: readonly string[],
  prefix: '' | typeof COPY,
): Promise<Map<string, string[]>> {
  const found = new Map(tags.map((tag) => [tag, new Set<string>()]));
  for await (const page of scanKeys(client, `${prefix}*{*}*`)) {
    for (const key of page) {
      if (prefix === '' && key.startsWith(COPY)) continue;
      found.get(/\{([^}]*)\}/.exec(key)?.[1] ?? '')?.add(key.slice(prefix.length));
    }
  }
  return new Map(Array.from(found, ([tag, keys]) => [tag, [...keys].sort()]));
}

/** Calls for each element, a bounded number at a time; results in the order of the elements. */
export async function inBatches<T, R>(all: readonly T[], call: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE)
    results.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(call))));
  return results;
}
