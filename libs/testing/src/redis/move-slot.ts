import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './ask';
import type { ClusterNode } from './start-cluster';

const MIGRATE_TIMEOUT_MS = 5_000;

/**
 * Moves a slot as `redis-cli --cluster reshard` does, key by key while clients use it: MIGRATING and IMPORTING, MIGRATE until
 * nothing is left, then NODE on everybody, the new owner first. With `pauseMs` between two keys the slot stays torn for a while.
 */
export async function moveSlot(
  slot: number,
  from: ClusterNode,
  to: ClusterNode,
  everybody: readonly ClusterNode[],
  pauseMs: number,
): Promise<void> {
  await ask(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await ask(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  for (;;) {
    const keys = await ask<string[]>(from, 'CLUSTER', 'GETKEYSINSLOT', slot, pauseMs > 0 ? 1 : 100);
    if (keys.length === 0) break;
    await ask(from, 'MIGRATE', to.host, to.port, '', 0, MIGRATE_TIMEOUT_MS, 'KEYS', ...keys);
    if (pauseMs > 0) await pause(pauseMs);
  }
  const masters = everybody.filter((node) => node !== to && node !== from);
  for (const node of [to, from, ...masters]) {
    // A replica learns it from its master and refuses to be told.
    await ask(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', to.id).catch((error: Error) => {
      if (!/with a replica|with masters/i.test(error.message)) throw error;
    });
  }
}
