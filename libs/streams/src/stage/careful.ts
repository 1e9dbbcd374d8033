import { stageKey } from '../layout/keys';
import { probe } from '../protocol/scripts';
import type { PartitionFolder } from './partition-folder';
import type { LogEntry } from './log-entry';
import type { StageOptions } from './stage-options';

/**
 * A bar that kills its process leaves no exception behind, only a partition whose owners die at one offset. After a few
 * such deaths the next owner walks item by item and puts on record what it is about to touch ("probe"). Whoever finds a
 * probe knows which item was in hand when its owner died. Once may be chance, a kill in the middle of the walk; an item that was
 * in hand twice is the culprit: it is dead-lettered and the rest goes on. Deaths needed: the threshold, then two per culprit.
 */
export interface Probe {
  readonly offset: number;
  readonly strikes: Strikes;
  /** The item that is being touched; null when all have survived and only the commit is left. */
  readonly current: number | null;
}

/** How often an item was in hand when an owner died, by its index in the entry. */
export type Strikes = ReadonlyMap<number, number>;

const DEATHS_BEFORE_CARE = 3;
const STRIKES_OF_A_CULPRIT = 2;
/** Entries walked with care after the suspect one: it may have been read ahead of the committed offset. */
const CAREFUL_ENTRIES = 20;
const NONE: Strikes = new Map();

export const formatProbe = ({ offset, strikes, current }: Probe): string =>
  `${offset}:${[...strikes].map(([index, count]) => `${index}=${count}`).join(',')}:${current ?? ''}`;

/** What a probe says to the next owner; null: there was none. */
export function strikesIn(text: string): { readonly offset: number; readonly strikes: Strikes } | null {
  const [offset, before, current] = text.split(':');
  if (!offset || before === undefined || current === undefined) return null;
  const strikes = new Map<number, number>();
  for (const strike of before === '' ? [] : before.split(',')) {
    const [index, count] = strike.split('=');
    strikes.set(Number(index), Number(count ?? STRIKES_OF_A_CULPRIT));
  }
  if (current !== '') strikes.set(Number(current), (strikes.get(Number(current)) ?? 0) + 1);
  return { offset: Number(offset), strikes };
}

export const isCulprit = (strikes: Strikes, index: number): boolean =>
  (strikes.get(index) ?? 0) >= STRIKES_OF_A_CULPRIT;

/** Walks suspect entries item by item, each on record before it is touched. */
export class CarefulWalk<Item extends { readonly cell: string }> {
  #entriesLeft = CAREFUL_ENTRIES;

  private constructor(
    private readonly suspect: { readonly offset: number; readonly strikes: Strikes },
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
    const left = strikesIn(at.probe);
    if (!left && at.attempts < DEATHS_BEFORE_CARE) return null;
    const keys = [stageKey(options.stage, at.tag)];
    return new CarefulWalk<Item>(left ?? { offset: at.off + 1, strikes: NONE }, (text) =>
      untilAnswered(() => probe.run(options.link.commands, keys, [at.epoch, options.id, text])),
    );
  }

  get isOver(): boolean {
    return this.#entriesLeft <= 0;
  }

  /** Folds one entry; false when the partition turned out to be no longer ours. */
  async fold(entry: LogEntry, folder: PartitionFolder<Item>): Promise<boolean> {
    const { offset } = entry;
    const strikes = this.suspect.offset === offset ? this.suspect.strikes : NONE;
    const items = folder.items(entry);
    for (let index = 0, item = items(); item !== null; index++, item = items()) {
      if (isCulprit(strikes, index)) {
        folder.refuse(item, entry, new Error('this item ended its process every time it was touched'));
        continue;
      }
      if (!(await this.record(formatProbe({ offset, strikes, current: index })))) return false;
      folder.step(item, entry);
    }
    // Whoever dies from now on, or loses the partition while its commit waits, was not killed by an item.
    if (!(await this.record(formatProbe({ offset, strikes, current: null })))) return false;
    folder.advance(entry);
    this.#entriesLeft--;
    return true;
  }
}
