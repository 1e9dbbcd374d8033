import { Cluster } from 'ioredis';
import type { StreamsLog } from '../log';
import type { RedisClient, RedisLink } from '../redis/connect';

/** Watches how full Redis is: the log must stop growing long before nothing behind it could be written any more. */
export interface MemoryGuard {
  start(): void;
  stop(): void;
  isFull(): boolean;
}

const EVERY_MS = 500;

export function createMemoryGuard(link: RedisLink, limit: number, log: StreamsLog): MemoryGuard {
  let full = false;
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const shares = await Promise.all(nodesOf(link.commands).map(usedShare));
    const worst = Math.max(...shares);
    if (worst >= limit !== full) {
      full = worst >= limit;
      const text = `Redis uses ${Math.round(worst * 100)} % of its maxmemory`;
      if (full) log.error(`${text}: ingestion waits until there is room; nothing is dropped`);
      else log.info(`${text}: ingestion goes on`);
    }
  };
  const loop = (): void => {
    void check()
      .catch((error: unknown) => log.debug('memory could not be read', { error: String(error) }))
      .finally(() => {
        if (timer !== undefined) timer = setTimeout(loop, EVERY_MS);
      });
  };
  return {
    start() {
      timer = setTimeout(loop, 0);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
    isFull: () => full,
  };
}

const nodesOf = (client: RedisClient): Pick<RedisClient, 'info'>[] =>
  client instanceof Cluster ? client.nodes('master') : [client];

async function usedShare(client: Pick<RedisClient, 'info'>): Promise<number> {
  const info = await client.info('memory');
  const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return read('maxmemory') === 0 ? 0 : read('used_memory') / read('maxmemory');
}
