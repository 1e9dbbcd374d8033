import { setTimeout as delay } from 'node:timers/promises';
import { partitionsKey } from '../layout/keys';
import { partitionTags } from '../layout/partition';
import type { RedisClient, RedisLink } from '../redis/connect';
import { StartError } from '../redis/errors';
import { Copies, placeOf } from './copies';
import { readItems } from './items';
import { formatMove, parseMove, swapMarker, type Move } from './marker';
import { COPY, inBatches, keysByTag, scanKeys } from './scan';
import { surveyPartitions, type Survey } from './survey';
import { Tally, type Count } from './tally';

export interface RepartitionOptions {
  readonly link: RedisLink;
  readonly to: number;
  /** Looks and reports; changes nothing. */
  readonly dryRun?: boolean;
  /** Gives up a change that has not replaced anything yet. */
  readonly abort?: boolean;
  /** Called as the work goes on, with lines for a human. */
  readonly say?: (line: string) => void;
  /**
   * How long we wait for a service that started just before us to show itself, and for Redis to have the copies on disk before
   * the originals go; ms.
   */
  readonly settleMs?: number;
}

export interface RepartitionReport {
  readonly from: number;
  readonly to: number;
  /** `already`: there was nothing to do. */
  readonly outcome: 'moved' | 'already' | 'dry-run' | 'aborted';
  /** Kind → how much of it moved; empty when the copies were complete before we came. */
  readonly moved: ReadonlyMap<string, Pick<Count, 'items' | 'bytes'>>;
}

/**
 * Changes the number of partitions of a Redis whose services have all been ended, without losing or doubling anything. May be
 * killed anywhere and called again: it goes on from where `partitions` says it is (see marker.ts).
 * @throws StartError with one readable line when nothing may move; then everything is as it was
 */
export async function repartition(options: RepartitionOptions): Promise<RepartitionReport> {
  const { link, to, abort = false, dryRun = false } = options;
  partitionTags(to); // throws on a number that cannot be
  const client = link.commands;
  const marker = await client.get(partitionsKey);
  if (marker === null) throw new StartError('this Redis has never been used: start the services with the new number');
  const underWay = parseMove(marker);
  if (abort) return giveUp(client, underWay);
  if (!underWay) {
    const from = Number(marker);
    if (from === to) return { from, to, outcome: 'already', moved: new Map() };
    if (!Number.isInteger(from)) throw new StartError(`'${partitionsKey}' is '${marker}', which is no number`);
    return new Repartition(options, client, await begin(options, client, from)).run();
  }
  if (underWay.to !== to)
    throw new StartError(
      `a change from ${underWay.from} to ${underWay.to} partitions is under way: finish it with --to ${underWay.to}` +
        (underWay.step === 'copy' ? ', or give it up with --abort' : ''),
    );
  if (dryRun) throw new StartError(`the change to ${to} partitions is under way at step '${underWay.step}'`);
  return new Repartition(options, client, underWay).run();
}

const CAME_MEANWHILE = 'bars came in meanwhile: end every service first';

/** Nobody may start from here on; who started just before shows within a moment. */
async function begin(
  { to, dryRun = false, settleMs = 2_500 }: RepartitionOptions,
  client: RedisClient,
  from: number,
): Promise<Move> {
  const survey = await surveyPartitions(client, partitionTags(from));
  refuseUnlessQuiet(survey);
  const move: Move = { from, to, base: survey.base, step: 'copy' };
  if (dryRun) return move;
  await swapMarker(client, String(from), formatMove(move));
  await delay(settleMs);
  const { base, obstacles } = await surveyPartitions(client, partitionTags(from));
  if (obstacles.length === 0 && base === move.base) return move;
  await swapMarker(client, formatMove(move), String(from));
  throw new StartError(obstacles.join('; ') || CAME_MEANWHILE);
}

function refuseUnlessQuiet({ obstacles }: Survey): void {
  if (obstacles.length > 0) throw new StartError(obstacles.join('; '));
}

async function giveUp(client: RedisClient, move: Move | null): Promise<RepartitionReport> {
  if (!move) throw new StartError('no change of the number of partitions is under way');
  if (move.step !== 'copy')
    throw new StartError(`the old partitions are already being replaced; finish with --to ${move.to}`);
  await dropCopies(client);
  await swapMarker(client, formatMove(move), String(move.from));
  return { from: move.from, to: move.to, outcome: 'aborted', moved: new Map() };
}

async function dropCopies(client: RedisClient): Promise<void> {
  for await (const page of scanKeys(client, `${COPY}*`)) await inBatches(page, (key) => client.unlink(key));
}

class Repartition {
  readonly #say: (line: string) => void;
  #moved: ReadonlyMap<string, Count> = new Map();

  constructor(
    private readonly options: RepartitionOptions,
    private readonly client: RedisClient,
    private move: Move,
  ) {
    this.#say = options.say ?? (() => undefined);
  }

  async run(): Promise<RepartitionReport> {
    const { from, to } = this.move;
    if (this.options.dryRun) {
      this.#moved = (await this.#tallyOriginals()).counts;
      return { from, to, outcome: 'dry-run', moved: this.#moved };
    }
    if (this.move.step === 'copy') {
      await this.#copy().catch(async (error: unknown) => {
        if (error instanceof StartError) await giveUp(this.client, this.move);
        throw error;
      });
      await this.#step('replace');
    }
    if (this.move.step === 'replace') {
      await this.#deleteOriginals();
      await this.#step('rename');
    }
    await this.#rename();
    await swapMarker(this.client, formatMove(this.move), String(to));
    return { from, to, outcome: 'moved', moved: this.#moved };
  }

  async #step(step: Move['step']): Promise<void> {
    const next = { ...this.move, step };
    await swapMarker(this.client, formatMove(this.move), formatMove(next));
    this.move = next;
  }

  // ── copy: may begin anew at any time ─────────────────────────────────────────────────────────────────────────────

  async #copy(): Promise<void> {
    const { client, move } = this;
    await dropCopies(client);
    const survey = await surveyPartitions(client, partitionTags(move.from));
    refuseUnlessQuiet(survey);
    if (survey.base !== move.base) throw new StartError(CAME_MEANWHILE);
    this.#say(`copying ${move.from} partitions into ${move.to}; new streams go on after entry ${move.base}`);
    const copies = new Copies(client, move, survey);
    const originals = await this.#tallyOriginals(copies);
    await copies.finish();
    const difference = originals.differenceTo(await this.#tallyCopies());
    if (difference) throw new StartError(`the copies differ (${difference}); nothing was replaced`);
    this.#moved = originals.counts;
    for (const [kind, { items, bytes }] of originals.counts)
      this.#say(`  ${kind}: ${items} (${bytes} bytes), the same`);
    await delay(this.options.settleMs ?? 2_500);
  }

  async #tallyOriginals(copies?: Copies): Promise<Tally> {
    const tally = new Tally();
    const tags = partitionTags(this.move.from);
    const keys = await keysByTag(this.client, tags, '');
    for (const [partition, tag] of tags.entries()) {
      for await (const items of readItems(this.client, tag, keys.get(tag) ?? [], '')) {
        for (const item of items) tally.add(item);
        await copies?.take(items, partition);
      }
    }
    return tally;
  }

  async #tallyCopies(): Promise<Tally> {
    const tally = new Tally();
    const tags = partitionTags(this.move.to);
    const keys = await keysByTag(this.client, tags, COPY);
    for (const [partition, tag] of tags.entries()) {
      for await (const items of readItems(this.client, tag, keys.get(tag) ?? [], COPY)) {
        for (const item of items) {
          if (placeOf(item.symbol, partition, this.move.to) !== partition)
            throw new StartError(`${item.kind} of ${item.symbol} is in partition ${partition}; nothing was replaced`);
          tally.add(item);
        }
      }
    }
    return tally;
  }

  // ── replace and rename: forward only, each call may be sent twice ────────────────────────────────────────────────

  async #deleteOriginals(): Promise<void> {
    const keys = await keysByTag(this.client, partitionTags(this.move.from), '');
    const all = [...keys.values()].flat();
    this.#say(`deleting ${all.length} keys of the old partitions`);
    await inBatches(all, (key) => this.client.unlink(key));
  }

  async #rename(): Promise<void> {
    const keys = new Set<string>();
    for await (const page of scanKeys(this.client, `${COPY}*`)) for (const key of page) keys.add(key);
    this.#say(`giving ${keys.size} keys of the new partitions their names`);
    await inBatches([...keys], (key) =>
      this.client.rename(key, key.slice(COPY.length)).catch((error: unknown) => {
        if (!/no such key/.test(String(error))) throw error; // sent twice
      }),
    );
  }
}
