import { setTimeout as delay } from 'node:timers/promises';
import { stageKey, stageLayouts, stateKey, streamKey, tailSource } from '../layout/keys';
import type { Membership } from '../membership/membership';
import { acquire, release } from '../protocol/scripts';
import { PartitionRunner } from './partition-runner';
import { readStandings, type PartitionStanding } from './partition-store';
import type { StageOptions, StageTuning } from './stage-options';
import { createTurns } from './turns';

/** Partitions that come and go at once: enough that none waits for the round trips of another, so few that each is away for a moment only. */
const MOVES_AT_ONCE = 8;

/**
 * Which partitions of a stage a process owns, and how they come and go. What it should not own is released, what it should own is
 * acquired and loaded as soon as its owner has let go of it or has died; a few at a time, and the others never stop.
 */
export class Ownership<Item extends { readonly cell: string }> {
  readonly runners = new Map<number, PartitionRunner<Item>>();
  /** Partitions that need a human, with the reason. */
  readonly halted = new Map<number, string>();
  /** Partitions whose state is too new for us. */
  readonly #newer = new Set<number>();
  /** What is being released or acquired. */
  readonly #moving = new Map<number, Promise<void>>();
  readonly #turn = createTurns(MOVES_AT_ONCE);
  #wanted: ReadonlySet<number> = new Set();
  #looking: Promise<void> | null = null;
  #ended = false;

  constructor(
    private readonly options: StageOptions<Item>,
    private readonly tuning: StageTuning,
    private readonly tags: readonly string[],
    private readonly membership: Pick<Membership, 'absentForMs'>,
  ) {}

  /** Partitions that should be ours but are not (yet). */
  get awaited(): number {
    return [...this.#wanted].filter((partition) => !this.runners.has(partition)).length;
  }

  /** From now on these should be ours, and no others. */
  want(partitions: readonly number[]): void {
    this.#wanted = new Set(partitions);
    this.reconcile();
  }

  /** Brings what we own nearer to what we should own. Called again and again: who owns what is asked anew each time. */
  reconcile(): void {
    this.#dropLost();
    if (this.#ended) return;
    for (const [partition, runner] of this.runners)
      if (!this.#wanted.has(partition)) this.#move(partition, () => this.#release(runner));
    this.#looking ??= this.#takeFree()
      .catch((error: unknown) => this.#complain('ownership could not be settled; trying again', error))
      .finally(() => (this.#looking = null));
  }

  /** Nothing is acquired any more; resolves when nothing moves. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#looking;
    await Promise.all(this.#moving.values());
  }

  /**
   * A failover may lose the hand-over of a partition: Redis then says again that it is ours, the new owner has been fenced off and
   * waits for somebody who is alive and knows of nothing. What is neither wanted nor held is given away once more.
   */
  async giveBackReturned(): Promise<void> {
    const { id, log } = this.options;
    const isForeign = (partition: number): boolean => !this.#wanted.has(partition) && !this.runners.has(partition);
    const others = [...this.tags.keys()].filter(isForeign);
    for (const [partition, { owner, epoch }] of await this.#standings(others)) {
      if (owner !== id || this.#moving.has(partition) || !isForeign(partition)) continue;
      const what = 'Redis says that a partition is ours which we have given away; giving it away again';
      log.warn(what, { partition, epoch });
      await this.#giveAway(partition, epoch);
    }
  }

  async #giveAway(partition: number, epoch: number): Promise<void> {
    const { link, stage, id } = this.options;
    await release.run(link.commands, [stageKey(stage, this.tags[partition] as string)], [epoch, id]);
  }

  #dropLost(): void {
    for (const [partition, runner] of this.runners) {
      if (runner.state === 'lost' || runner.state === 'released') this.runners.delete(partition);
      if (runner.state === 'halted') this.halted.set(partition, 'see the log');
    }
  }

  /** Does so when its turn has come, unless this partition is moving already. */
  #move(partition: number, work: () => Promise<void>): void {
    if (this.#ended || this.#moving.has(partition)) return;
    const moving = this.#turn(async () => (this.#ended ? undefined : work()))
      .catch((error: unknown) => this.#complain('a partition could not be moved; trying again', error))
      .finally(() => this.#moving.delete(partition));
    this.#moving.set(partition, moving);
  }

  async #release(runner: PartitionRunner<Item>): Promise<void> {
    if (this.#wanted.has(runner.partition)) return;
    await runner.release();
    this.runners.delete(runner.partition);
  }

  async #takeFree(): Promise<void> {
    const missing = [...this.#wanted].filter((partition) => this.#isMissing(partition));
    for (const [partition, standing] of await this.#standings(missing))
      if (this.#isMissing(partition) && this.#mayTake(standing))
        this.#move(partition, () => this.#acquire(partition, standing.epoch));
  }

  #isMissing(partition: number): boolean {
    return !this.runners.has(partition) && !this.halted.has(partition) && !this.#moving.has(partition);
  }

  async #standings(partitions: readonly number[]): Promise<[number, PartitionStanding][]> {
    const tags = partitions.map((partition) => this.tags[partition] as string);
    const standings = await readStandings(this.options.link.commands, this.options.stage, tags);
    return partitions.map((partition, i) => [partition, standings[i] as PartitionStanding]);
  }

  #mayTake({ owner }: PartitionStanding): boolean {
    return owner === '' || owner === this.options.id || this.membership.absentForMs(owner) >= this.tuning.ttlMs;
  }

  async #acquire(partition: number, epoch: number): Promise<void> {
    if (!this.#wanted.has(partition)) return;
    const { link, stage, id, stateVersion, beginAnywhere } = this.options;
    const tag = this.tags[partition] as string;
    const tail = tailSource(stage, tag);
    const { input, output } = stageLayouts[stage];
    const keys = [stageKey(stage, tag), streamKey(input, tag), tail.key, streamKey(output, tag), stateKey(stage, tag)];
    const args = [id, epoch, stage, stateVersion, tail.offset, beginAnywhere ? 1 : 0, tail.bars];
    const reply = await acquire.run(link.commands, keys, args);
    if (reply.status === 'VANISHED') this.#haltVanished(partition, tag);
    if (reply.status === 'NEWER') this.#standBy(partition, epoch, reply.version);
    if (reply.status !== 'OK') return;
    this.#newer.delete(partition);
    const runner = new PartitionRunner(this.options, this.tuning, partition, tag, stage, reply);
    this.runners.set(partition, runner);
    await this.#load(runner);
  }

  #haltVanished(partition: number, tag: string): void {
    const { stage, log, onEvent } = this.options;
    const reason = `${stageKey(stage, tag)} is gone but its output or state is there; restore it or delete all keys of {${tag}}`;
    this.halted.set(partition, reason);
    log.error(reason, { partition });
    onEvent?.({ type: 'halted', partition, epoch: null, reason });
  }

  /** Said once: it is tried again many times a second. */
  #standBy(partition: number, epoch: number, version: number): void {
    if (this.#newer.has(partition)) return;
    this.#newer.add(partition);
    const text = `state of partition ${partition} has version ${version}, newer than ours; standing by`;
    this.options.log.warn(text, { partition, epoch });
  }

  async #load(runner: PartitionRunner<Item>): Promise<void> {
    const { partition, epoch } = runner;
    for (let tries = 1; !this.#ended && runner.state === 'loading'; tries++) {
      try {
        await runner.load();
      } catch (error) {
        const level = tries === 1 ? 'warn' : 'debug';
        const text = 'loading a partition failed; trying again';
        this.options.log[level](text, { partition, epoch, error: String(error) });
        await delay(this.tuning.heartbeatMs);
      }
    }
    // We have to go before it could be loaded: nobody should wait for our lease to end.
    if (runner.state === 'loading') await this.#giveAway(partition, epoch);
  }

  #complain(what: string, error: unknown): void {
    this.options.log.debug(what, { error: String(error) });
  }
}
