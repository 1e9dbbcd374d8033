import type { RedisLink } from '../redis/connect';
import { StartError } from '../redis/errors';
import { claimPartitionsScript } from '../protocol/scripts';
import { parseMove } from '../repartition/marker';
import { partitionsKey } from './keys';

/**
 * Stores the number of partitions at the first start ever and holds everybody to it afterwards.
 * @throws StartError when this Redis was started with another number, or that number is just being changed
 */
export async function claimPartitions(link: RedisLink, wanted: number): Promise<void> {
  const stored = await claimPartitionsScript.run(link.commands, [partitionsKey], [wanted]);
  if (stored === String(wanted)) return;
  const move = parseMove(stored);
  throw new StartError(
    move
      ? `this Redis is on its way from ${move.from} to ${move.to} partitions; ` +
          `finish that first: npm run repartition -- --to ${move.to}`
      : `PARTITIONS is ${wanted}, but this Redis was started with ${stored} and symbols stay in their partition; ` +
          `set PARTITIONS=${stored}, or change the number with npm run repartition -- --to ${wanted}`,
  );
}
