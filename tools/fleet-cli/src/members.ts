import { askApi, type ApiAccess } from '@wagehood/command';
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
export async function askFleet(access: ApiAccess): Promise<FleetView> {
  const { fleet } = await askApi(access, { path: '/stats', answer: statsResponse, scope: 'read' });
  if (!fleet) throw new Error(`${access.base}: this api is older and does not say who runs where`);
  return fleet;
}
