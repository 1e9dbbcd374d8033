import { setTimeout as delay } from 'node:timers/promises';
import type { StreamsLog } from '../log';
import { isRetriable, redisFault } from '../redis/errors';

const RETRY_MS = 25;
const MOST_RETRY_MS = 500;

/** Repeats an idempotent call until Redis answers it; null when by then nobody wants to know any more. */
export async function untilAnswered<T>(
  call: () => Promise<T>,
  isOver: () => boolean,
  log: StreamsLog,
  about: Readonly<Record<string, unknown>>,
): Promise<T | null> {
  for (let waitMs = RETRY_MS; ; waitMs = Math.min(MOST_RETRY_MS, waitMs * 2)) {
    if (isOver()) return null;
    try {
      return await call();
    } catch (error) {
      if (!isRetriable(error) && redisFault(error) !== 'full') throw error;
      log.debug('Redis did not answer; asking again', { ...about, error: String(error) });
      await delay(waitMs);
    }
  }
}
