import type { PartitionFolder } from './partition-folder';
import type { PartitionStore } from './partition-store';

const PAGE = 100;

export interface Replayed {
  /** Entries folded. */
  readonly replayed: number;
  /** The first offset that is not in the stream although it should be, null if there is none. */
  readonly missing: number | null;
}

/** Folds committed input again after a takeover: everything behind the snapshot up to the committed offset. */
export async function replayInput<Item extends { readonly cell: string }>(
  store: PartitionStore,
  folder: PartitionFolder<Item>,
  to: number,
): Promise<Replayed> {
  const from = folder.position.offset;
  while (folder.position.offset < to) {
    const next = folder.position.offset + 1;
    for (const entry of await store.range(next, to, PAGE)) {
      if (entry.offset !== folder.position.offset + 1) break;
      folder.replay(entry);
    }
    if (folder.position.offset < next) return { replayed: next - 1 - from, missing: next };
  }
  folder.endReplay();
  return { replayed: to - from, missing: null };
}
