import { indicatorPlanOf, settingsSchema } from '@wagehood/config';
import { createCatalog } from '@wagehood/indicators';
import { latestKey, partitionTags, stateKey, type RedisLink, type StageName } from '@wagehood/streams';
import type { Row } from '../row';
import { SYMBOLS } from '../symbols';

const PARTITIONS = 16;
export const STATE_ROW = 'memory: state of the seven default indicators';

/** What one symbol holds in a worker and in Redis, mean over all of them. */
export async function memoryRows({ commands }: RedisLink): Promise<Row[]> {
  const tags = partitionTags(PARTITIONS);
  const latest = await Promise.all(tags.map((tag) => commands.memory('USAGE', latestKey(tag), 'SAMPLES', 0)));
  const info = await commands.info('memory');
  const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
  const row = (name: string, value: number): Row => ({ name, value: Math.round(value), unit: 'B/symbol' });
  return [
    row(STATE_ROW, 8 * indicatorPlanOf(settingsSchema.parse({}), createCatalog()).slots),
    row('memory: Redis, stored state of the indicators', await storedState(commands, 'calculation', tags)),
    row('memory: Redis, stored state of the strategies', await storedState(commands, 'strategy', tags)),
    row('memory: Redis, latest values', latest.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) / SYMBOLS),
    row('memory: Redis, all (streams, history, configuration)', used / SYMBOLS),
  ];
}

/** Bytes of the mean cell; cells whose name begins with # are the partition's own. */
async function storedState(
  commands: RedisLink['commands'],
  stage: StageName,
  tags: readonly string[],
): Promise<number> {
  const sizes = await Promise.all(
    tags.map(async (tag) => {
      const key = stateKey(stage, tag);
      const cells = (await commands.hkeys(key)).filter((cell) => !cell.startsWith('#'));
      return Promise.all(cells.map((cell) => commands.hstrlen(key, cell)));
    }),
  );
  const all = sizes.flat();
  return all.reduce((sum, bytes) => sum + bytes, 0) / all.length;
}
