import { statsResponse, type FleetView } from '@wagehood/contracts';
import { readStandings, unwatched, viewFleet } from '@wagehood/inventory';
import type { RedisSettings } from '@wagehood/config';
import { connectRedis, createReader, partitionsKey, silentLog, stageNames } from '@wagehood/streams';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 3_000;

/** The processes of the fleet as Redis knows them. @throws Error with one readable line */
export async function askRedis(settings: RedisSettings): Promise<FleetView> {
  const link = connectRedis(settings, { name: 'fleet', log: silentLog });
  try {
    await Promise.race([link.ready(), delay(PATIENCE_MS, undefined, { ref: false })]);
    const { ok, error } = link.status();
    if (!ok) throw new Error(error?.replace(/; retrying$/, '') ?? 'Redis does not answer');
    const marker = await link.commands.get(partitionsKey);
    if (marker === null) throw new Error('no service has been started with this Redis yet');
    const partitions = Number(marker);
    if (!Number.isInteger(partitions)) throw new Error(`the number of partitions is being changed: ${marker}`);
    const standings = await readStandings(createReader(link, partitions), stageNames, partitions);
    return viewFleet(standings, unwatched('').view());
  } finally {
    await link.close();
  }
}

/** The fleet as an api sees it, pods included where it may ask for them. @throws Error with one readable line */
export async function askApi(base: string, key: string | undefined): Promise<FleetView> {
  const url = `${base}/api/v1/realtime/stats`;
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(url, { headers, signal }).catch((error: Error) => {
    const { message = error.message } = (error.cause ?? {}) as { message?: string };
    throw new Error(`${url}: ${message}`);
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(`${url}: ${answer.status}; API_KEY must hold a key with the scope read`);
  }
  const body: unknown = await answer.json().catch(() => null);
  const stats = statsResponse.safeParse(body);
  if (!answer.ok || !stats.success) throw new Error(`${url}: ${answer.status}, and no statistics of ours`);
  if (!stats.data.fleet) throw new Error(`${url}: this api is older and does not say who runs where`);
  return stats.data.fleet;
}
