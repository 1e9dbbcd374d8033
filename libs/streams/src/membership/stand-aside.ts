import { membersKey, stageKey, type StageName } from '../layout/keys';
import { partitionTags } from '../layout/partition';
import { liveMembers, standAside } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';

/**
 * Takes a stage that is switched off from among the readers, so that it holds nothing back, unless somebody is at work in it; to
 * be called again and again, some seconds apart. One look is not enough: members that were lost report again within their lease.
 * @returns whether the stage stands aside now
 */
export function createStandAside(link: RedisLink, stage: StageName, partitions: number): () => Promise<boolean> {
  const tags = partitionTags(partitions);
  let deserted = false;
  return async () => {
    const live = await liveMembers.run(link.commands, [membersKey(stage)], []);
    const isSure = deserted && live.length === 0;
    deserted = live.length === 0;
    if (!isSure) return false;
    const asides = tags.map(async (tag) => {
      const key = stageKey(stage, tag);
      const owner = (await link.commands.hget(key, 'owner')) ?? '';
      return standAside.run(link.commands, [key], [owner]);
    });
    return (await Promise.all(asides)).every(Boolean);
  };
}
