import { partitionOf, partitionTag, partitionTags, stageKey } from '@wagehood/streams';
import type { System } from '../system/system';
import { PartitionWitness, type WitnessOptions } from './partition-witness';
import { verifyStored } from './verify-stored';

export interface Verified {
  /** Final bars of the feeds in the input logs. */
  readonly bars: number;
  readonly events: number;
  readonly signals: number;
  readonly refused: number;
  /** Series that were shown their past in mid-stream, each time counted. */
  readonly pasts: number;
  /** Corrections that entered the logs. */
  readonly corrections: number;
  /** Series of the input with the number of their bars. */
  readonly series: ReadonlyMap<string, number>;
}

export type Witnessed = Pick<System, 'link' | 'reader' | 'partitions'>;

/** Reading is quick, recomputing is not: whoever reads only what he can recompute comes too late, and it has been trimmed. */
const TAKE_EVERY_MS = 200;

/**
 * The independent verifier: follows a running system from its first entry and holds what the pipeline writes against what the
 * engines of the core make of the same input: every value and every signal, once, in order, bit for bit; and every series of
 * the input itself whole and in order. All its methods throw an Error that says where the first difference is.
 */
export class Witness {
  readonly #partitions: readonly PartitionWitness[];
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly system: Witnessed,
    private readonly options: WitnessOptions = {},
  ) {
    this.#partitions = partitionTags(system.partitions).map((tag, i) => new PartitionWitness(i, tag, options));
  }

  /** Takes in what is new since the last look. One look at a time: whoever asks meanwhile gets the next one. */
  look(): Promise<void> {
    const look = async () => {
      let takenAt = -Infinity;
      for (const partition of this.#partitions) {
        if (performance.now() - takenAt > TAKE_EVERY_MS) {
          for (const each of this.#partitions) await each.take(this.system.link);
          takenAt = performance.now();
        }
        partition.check();
      }
    };
    return (this.#looking = this.#looking.then(look));
  }

  /** For a pipeline that has come to rest: nothing is missing, and what is stored beside the streams says the same. */
  async conclude(historyRows?: number): Promise<Verified> {
    await this.look();
    for (const partition of this.#partitions) {
      partition.expectNothingDue();
      await verifyStored(this.system, partition, historyRows);
    }
    return this.verified();
  }

  /**
   * A witness of the same Redis after its number of partitions was changed: everything that this one has seen counts as input of
   * the new partitions. Needs `remembers`.
   */
  async goesOnIn(next: Witnessed): Promise<Witness> {
    const witness = new Witness(next, this.options);
    const base = await next.link.commands.hget(stageKey('calculation', partitionTag(0, next.partitions)), 'base');
    for (const [partition, heir] of witness.#partitions.entries()) {
      const isOurs = (symbol: string): boolean => partitionOf(symbol, next.partitions) === partition;
      for (const earlier of this.#partitions) heir.inherit(earlier, isOurs, Number(base));
    }
    return witness;
  }

  /** What has been found right so far. */
  verified(): Verified {
    const total = { bars: 0, events: 0, signals: 0, refused: 0, pasts: 0, corrections: 0 };
    const series = new Map<string, number>();
    for (const { input, events, signalCount, refused } of this.#partitions) {
      for (const [key, count] of input.counts) series.set(key, count);
      total.events += events;
      total.signals += signalCount;
      total.refused += refused;
      total.pasts += input.pasts;
      total.corrections += input.corrections;
    }
    for (const count of series.values()) total.bars += count;
    return { ...total, series };
  }
}

/** Verifies a pipeline that has come to rest, from its first entry to its last. */
export function verify(
  system: Witnessed,
  options: Pick<WitnessOptions, 'scarred' | 'refuses'> = {},
): Promise<Verified> {
  return new Witness(system, options).conclude();
}
