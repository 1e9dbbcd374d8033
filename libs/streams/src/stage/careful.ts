import { stageKey } from '../layout/keys';
import { probe } from '../protocol/scripts';
import type { PartitionFolder } from './partition-folder';
import type { LogEntry } from './log-entry';
import type { StageOptions } from './stage-options';

/**
 * A bar that kills its process leaves no exception behind, only a partition whose owners die at one offset. After a few
 * such deaths the next owner walks item by item and puts on record what it is about to touch ("probe"); whoever finds a
 * probe knows the culprit, dead-letters it and goes on. Deaths needed: the threshold, then one per culprit.
 */
export interface Probe {
  readonly offset: number;
  readonly culprits: readonly number[];
  /** The item that is being touched; null when all have survived and only the commit is left. */
  readonly current: number | null;
}

const DEATHS_BEFORE_CARE = 3;
/** Entries walked with care after the suspect one: it may have been read ahead of the committed offset. */
const CAREFUL_ENTRIES = 20;

export const formatProbe = ({ offset, culprits, current }: Probe): string =>
  `${offset}:${culprits.join(',')}:${current ?? ''}`;

/** Indexes of an entry's items that are known to kill, from the probe that a dead owner left behind. */
export function culpritsOf(text: string): { readonly offset: number; readonly culprits: readonly number[] } | null {
  const [offset, culprits, current] = text.split(':');
  if (!offset || culprits === undefined || current === undefined) return null;
  const known = culprits === '' ? [] : culprits.split(',').map(Number);
  return { offset: Number(offset), culprits: current === '' ? known : [...known, Number(current)] };
}

/** Walks suspect entries item by item, each on record before it is touched. */
export class CarefulWalk<Item extends { readonly cell: string }> {
  #entriesLeft = CAREFUL_ENTRIES;

  private constructor(
    private readonly suspect: { readonly offset: number; readonly culprits: readonly number[] },
    private readonly record: (text: string) => Promise<boolean | null>,
  ) {}

  /** A walk if the last owners died here, else null. */
  static ifSuspect<Item extends { readonly cell: string }>(
    options: StageOptions<Item>,
    at: {
      readonly tag: string;
      readonly epoch: number;
      readonly off: number;
      readonly attempts: number;
      readonly probe: string;
    },
    untilAnswered: <T>(call: () => Promise<T>) => Promise<T | null>,
  ): CarefulWalk<Item> | null {
    const left = culpritsOf(at.probe);
    if (!left && at.attempts < DEATHS_BEFORE_CARE) return null;
    const keys = [stageKey(options.stage, at.tag)];
    return new CarefulWalk<Item>(left ?? { offset: at.off + 1, culprits: [] }, (text) =>
      untilAnswered(() => probe.run(options.link.commands, keys, [at.epoch, options.id, text])),
    );
  }

  get isOver(): boolean {
    return this.#entriesLeft <= 0;
  }

  /** Folds one entry; false when the partition turned out to be no longer ours. */
  async fold(entry: LogEntry, folder: PartitionFolder<Item>): Promise<boolean> {
    const { offset } = entry;
    const culprits = this.suspect.offset === offset ? this.suspect.culprits : [];
    for (const [index, item] of folder.decode(entry).entries()) {
      if (culprits.includes(index)) {
        folder.refuse(item, entry, new Error('this item ended its process every time it was touched'));
        continue;
      }
      if (!(await this.record(formatProbe({ offset, culprits, current: index })))) return false;
      folder.step(item, entry);
    }
    // Whoever dies from now on, or loses the partition while its commit waits, was not killed by an item.
    if (!(await this.record(formatProbe({ offset, culprits, current: null })))) return false;
    folder.advance(entry);
    this.#entriesLeft--;
    return true;
  }
}
