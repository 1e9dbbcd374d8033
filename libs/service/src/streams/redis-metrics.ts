import { memoryUse, type RedisLink } from '@wagehood/streams';
import type { Metrics } from '../metrics';

/** Redis as this process sees it. While it cannot be reached nothing is asked of it, so that a scrape never waits. */
export function watchRedis(metrics: Metrics, link: Pick<RedisLink, 'status' | 'commands'>): void {
  metrics.gauge('redis_up', '1 while Redis can be used', [], (gauge) => gauge.set(link.status().ok ? 1 : 0));
  metrics.gauge(
    'redis_memory_used_ratio',
    'Share of maxmemory in use on the fullest master; 0 without a limit',
    [],
    async (gauge) => {
      if (link.status().ok) gauge.set(await memoryUse(link));
      else gauge.remove();
    },
  );
}
