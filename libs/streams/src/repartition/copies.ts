import { alertsKey, alertsToldKey, deadLettersKey, historyChunkKey, lastKey, signalsKey, stageKey, stateKey, type StageName, undeliveredKey, undeliveredOrderKey } from '../layout/keys'; // prettier-ignore
import { partitionOf, partitionTags } from '../layout/partition';
import { replaceList } from '../protocol/scripts';
import type { RedisClient } from '../redis/connect';
import { CONTROL_CELL } from '../stage/control-timeline';
import { packState } from '../stage/partition-store';
import { symbolOf, type Item } from './items';
import { hashKey, hashKinds, type HashKind } from './key-shape';
import type { Move } from './marker';
import { COPY, inBatches } from './scan';
import type { Survey } from './survey';

const FIELDS_AT_ONCE = 200;

/** Writes the new partitions under the names of copies. Every call may be sent twice. */
export class Copies {
  readonly #tags: readonly string[];
  /** What several old partitions may put into one list: written at the end, in the order of time. */
  readonly #merged = new Map<string, { readonly at: number | string; readonly item: Item }[]>();

  /** Old partition → what was told there of its alerts, and the new partitions that have something of it. */
  readonly #told = new Map<number, Item[]>();
  readonly #places = new Map<number, Set<number>>();

  constructor(
    private readonly client: RedisClient,
    private readonly move: Move,
    private readonly survey: Survey,
  ) {
    this.#tags = partitionTags(move.to);
  }

  /** `partition`: where the items come from; what belongs to no symbol stays near there. */
  async take(items: readonly Item[], partition: number): Promise<void> {
    const byHash = new Map<string, (string | Buffer)[][]>();
    const rest: Item[] = [];
    for (const item of items) {
      const place = placeOf(item.symbol, partition, this.move.to);
      const tag = this.#tags[place] as string;
      if (item.kind !== 'told') placesOf(this.#places, partition).add(place);
      if (item.kind === 'told') listIn(this.#told, partition).push(item);
      else if (isHash(item.kind)) listIn(byHash, hashKey(item.kind, tag)).push([item.id, this.#value(item)]);
      else if (item.kind === 'alerts') listIn(this.#merged, alertsKey(tag)).push({ at: createdAt(item), item });
      else if (item.kind.startsWith('letters of ')) {
        const stage = item.kind.slice('letters of '.length) as StageName;
        listIn(this.#merged, deadLettersKey(stage, tag)).push({ at: item.id, item });
      } else rest.push(item);
    }
    for (const [key, fields] of byHash) await this.#writeFields(key, fields);
    await inBatches(rest, (item) => this.#writeWhole(item));
  }

  async finish(): Promise<void> {
    for (const [key, all] of this.#merged) {
      if (all[0]?.item.kind === 'alerts') {
        const sorted = all.sort((a, b) => Number(a.at) - Number(b.at));
        await replaceList.run(this.client, [COPY + key], sorted.map(({ item }) => item.bytes)); // prettier-ignore
      } else await this.#writeLetters(key, all.map(({ item }) => item)); // prettier-ignore
    }
    for (const [partition, words] of this.#told) await this.#writeTold(partition, words);
    await inBatches(this.#tags, (tag) => this.#writeProgress(tag));
  }

  /** A word does not say whose alert it tells of: it goes wherever something of its old partition went. */
  async #writeTold(partition: number, words: readonly Item[]): Promise<void> {
    const pairs = words.flatMap(({ id, bytes }) => [bytes.toString(), id]);
    for (const place of new Set([partition % this.move.to, ...(this.#places.get(partition) ?? [])]))
      for (let i = 0; i < pairs.length; i += 2 * FIELDS_AT_ONCE)
        await this.client.zadd(COPY + alertsToldKey(this.#tags[place] as string), ...pairs.slice(i, i + 2 * FIELDS_AT_ONCE)); // prettier-ignore
  }

  /** Nothing is left to do, everything is saved, and the next entry of every stream is base + 1. */
  async #writeProgress(tag: string): Promise<void> {
    const { client, survey } = this;
    const { base } = this.move;
    const control = survey.control === null ? {} : { '#control': survey.control };
    await client.hset(COPY + lastKey(tag), { '#': base, '#bars': 0, ...control });
    for (const { stage, exists, epoch, version, document } of survey.stages) {
      if (!exists) continue;
      const standing = { epoch: epoch + 1, owner: '', ver: version, att: 0, attoff: base, seq: 0 };
      const bars = { offBars: 0, snapBars: 0, outBars: 0 };
      await client.hset(COPY + stageKey(stage, tag), { ...standing, base, off: base, snap: base, out: base, ...bars });
      if (!document) continue;
      const points = Buffer.from(JSON.stringify([{ offset: base, document }]));
      await client.hset(COPY + stateKey(stage, tag), CONTROL_CELL, packState(base, points));
    }
  }

  #value({ kind, bytes }: Item): Buffer {
    const { base } = this.move;
    if (kind.startsWith('state of ')) return packState(base, bytes);
    if (kind !== 'index') return bytes;
    return Buffer.from(JSON.stringify({ ...(JSON.parse(bytes.toString()) as object), off: base }));
  }

  async #writeFields(key: string, fields: readonly (string | Buffer)[][]): Promise<void> {
    for (let i = 0; i < fields.length; i += FIELDS_AT_ONCE)
      await this.client.hset(COPY + key, ...fields.slice(i, i + FIELDS_AT_ONCE).flat());
  }

  async #writeWhole(item: Item): Promise<void> {
    const { kind, id, bytes } = item;
    if (kind === 'undelivered') return this.#writeUndelivered(item);
    const tag = this.#tags[partitionOf(symbolOf(id), this.move.to)] as string;
    if (kind === 'signals') {
      const list = JSON.parse(bytes.toString()) as string[];
      await replaceList.run(this.client, [COPY + signalsKey(tag, id)], list);
      return;
    }
    const colon = id.lastIndexOf(':');
    await this.client.set(COPY + historyChunkKey(tag, id.slice(0, colon), Number(id.slice(colon + 1))), bytes);
  }

  async #writeUndelivered({ symbol, id, bytes }: Item): Promise<void> {
    const [ms, json] = split(bytes.toString(), ' ');
    const tag = this.#tags[placeOf(symbol, 0, this.move.to)] as string; // without a symbol: the first, as alerting has it
    await this.client.hset(COPY + undeliveredKey(tag), id, json);
    await this.client.zadd(COPY + undeliveredOrderKey(tag), ms, id);
  }

  /** Ids are times: they stay, but for those of two partitions that happen to be the same. */
  async #writeLetters(key: string, letters: readonly Item[]): Promise<void> {
    let [ms, seq] = [0, 0];
    for (const { id, bytes } of [...letters].sort((a, b) => compareIds(a.id, b.id))) {
      const [at = 0, n = 0] = id.split('-').map(Number);
      [ms, seq] = at > ms || (at === ms && n > seq) ? [at, n] : [ms, seq + 1];
      await this.client.xadd(COPY + key, `${ms}-${seq}`, 'data', bytes).catch((error: unknown) => {
        if (!/equal or smaller/.test(String(error))) throw error; // sent twice
      });
    }
  }
}

/** The new partition of what belongs to a symbol, or came from a partition and belongs to none. */
export const placeOf = (symbol: string | null, partition: number, partitions: number): number =>
  symbol === null ? partition % partitions : partitionOf(symbol, partitions);

const isHash = (kind: string): kind is HashKind => (hashKinds as readonly string[]).includes(kind);
const createdAt = ({ bytes }: Item): number => (JSON.parse(bytes.toString()) as { createdAt?: number }).createdAt ?? 0;

function compareIds(a: string, b: string): number {
  const [ams = 0, aseq = 0] = a.split('-').map(Number);
  const [bms = 0, bseq = 0] = b.split('-').map(Number);
  return ams - bms || aseq - bseq;
}

const split = (text: string, at: string): readonly [string, string] => [
  text.slice(0, text.indexOf(at)),
  text.slice(text.indexOf(at) + 1),
];

function placesOf(places: Map<number, Set<number>>, partition: number): Set<number> {
  let found = places.get(partition);
  if (!found) places.set(partition, (found = new Set()));
  return found;
}

function listIn<K, T>(lists: Map<K, T[]>, key: K): T[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
