import { Cluster } from 'ioredis';
import type { RedisClient, RedisLink } from './connect';

/** Share of maxmemory that is in use, 0 to 1, of the fullest master; 0 when there is no limit. */
export async function memoryUse(link: Pick<RedisLink, 'commands'>): Promise<number> {
  return Math.max(0, ...(await Promise.all(mastersOf(link.commands).map(useOf))));
}

const mastersOf = (client: RedisClient): Pick<RedisClient, 'info'>[] =>
  client instanceof Cluster ? client.nodes('master') : [client];

async function useOf(client: Pick<RedisClient, 'info'>): Promise<number> {
  const info = await client.info('memory');
  const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return read('maxmemory') === 0 ? 0 : read('used_memory') / read('maxmemory');
}
