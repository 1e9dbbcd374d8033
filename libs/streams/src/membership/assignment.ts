import { stableHash } from '../layout/partition';

/**
 * Which member serves which partition: everyone computes the same answer from the same live set. Rendezvous hashing picks
 * each pair's score; taking pairs best first under a quota keeps shares within one of each other and moves few partitions
 * when a member comes or goes.
 * @returns partition → member; empty when nobody is live
 */
export function assign(partitions: number, members: readonly string[]): ReadonlyMap<number, string> {
  const live = [...new Set(members)].sort();
  const owners = new Map<number, string>();
  if (live.length === 0) return owners;

  const floor = Math.floor(partitions / live.length);
  let extras = partitions % live.length;
  const share = new Map<string, number>(live.map((member) => [member, 0]));
  for (const { partition, member } of rankedPairs(partitions, live)) {
    if (owners.has(partition)) continue;
    const held = share.get(member) ?? 0;
    if (held > floor || (held === floor && extras === 0)) continue;
    if (held === floor) extras--;
    owners.set(partition, member);
    share.set(member, held + 1);
  }
  return owners;
}

export function partitionsOf(member: string, partitions: number, members: readonly string[]): number[] {
  return [...assign(partitions, members)]
    .filter(([, owner]) => owner === member)
    .map(([partition]) => partition)
    .sort((a, b) => a - b);
}

function rankedPairs(
  partitions: number,
  live: readonly string[],
): { partition: number; member: string; score: number }[] {
  const pairs = [];
  for (let partition = 0; partition < partitions; partition++) {
    for (const member of live) pairs.push({ partition, member, score: stableHash(`${member}/${partition}`) });
  }
  return pairs.sort((a, b) => b.score - a.score || a.partition - b.partition || (a.member < b.member ? -1 : 1));
}
