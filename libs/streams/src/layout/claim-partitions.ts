import type { RedisLink } from '../redis/connect';
import { StartError } from '../redis/errors';
import { claimPartitionsScript } from '../protocol/scripts';
import { partitionsKey } from './keys';

/**
 * Stores the number of partitions at the first start ever and holds everybody to it afterwards.
 * @throws StartError when this Redis was started with another number
 */
export async function claimPartitions(link: RedisLink, wanted: number): Promise<void> {
  const stored = await claimPartitionsScript.run(link.commands, [partitionsKey], [wanted]);
  if (stored !== wanted) {
    throw new StartError(
      `PARTITIONS is ${wanted}, but this Redis was started with ${stored} and symbols stay in their partition for life; ` +
        `set PARTITIONS=${stored}, or use an empty Redis`,
    );
  }
}
