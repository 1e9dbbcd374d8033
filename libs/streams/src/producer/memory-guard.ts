import type { StreamsLog } from '../log';
import type { RedisLink } from '../redis/connect';
import { memoryUse } from '../redis/memory-use';

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
    const worst = await memoryUse(link);
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
