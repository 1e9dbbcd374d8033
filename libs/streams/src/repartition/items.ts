import { REVISIONS_MARK, SYSTEM_CELL, undeliveredKey, undeliveredOrderKey, WARM_MARK } from '../layout/keys';
import { CONTROL_CELL } from '../stage/control-timeline';
import { unpackState } from '../stage/partition-store';
import { parseEntry, type RawEntry } from '../stage/log-entry';
import type { RedisClient } from '../redis/connect';
import { StartError } from '../redis/errors';
import { shapeOf, type HashKind } from './key-shape';
import { inBatches } from './scan';

/** One thing that moves: it belongs to a symbol, or to nobody in particular. */
export interface Item {
  readonly kind: HashKind | 'chunk' | 'signals' | 'alerts' | 'told' | 'undelivered' | `letters of ${string}`;
  readonly symbol: string | null;
  /** Field, series and number of a chunk, symbol of a list, id of a letter or an alert, what was told. */
  readonly id: string;
  /** Without offsets of the log: what must be the same before and after. */
  readonly bytes: Buffer;
}

/** Fields that say where a partition stands rather than what it holds. */
const OWN_FIELDS: readonly string[] = ['#', '#bars', '#control', '#about', CONTROL_CELL, SYSTEM_CELL];

/** What stands before a series in the name of a field that says more about it. */
const SERIES_MARKS: readonly string[] = [WARM_MARK, REVISIONS_MARK];

export const symbolOf = (seriesOrSymbol: string): string => seriesOrSymbol.split('|')[0] as string;

/**
 * Everything that moves with its symbol out of the keys of one partition; `prefix` stands before each key.
 * @throws StartError when there is something that nobody knows how to move
 */
export async function* readItems(
  client: RedisClient,
  tag: string,
  keys: readonly string[],
  prefix: string,
): AsyncGenerator<readonly Item[]> {
  const chunks: { readonly key: string; readonly id: string }[] = [];
  for (const key of keys) {
    const shape = shapeOf(key, tag);
    if (!shape) throw new StartError(`key ${key} is of no kind that is known`);
    const stored = prefix + key;
    if (shape.holds === 'fields') yield await readFields(client, stored, shape.kind);
    else if (shape.holds === 'chunk') chunks.push({ key: stored, id: `${shape.series}:${shape.chunk}` });
    else if (shape.holds === 'signals') yield [await readSignals(client, stored, shape.symbol)];
    else if (shape.holds === 'alerts') yield await readAlerts(client, stored);
    else if (shape.holds === 'told') yield await readTold(client, stored);
    else if (shape.holds === 'undelivered') yield await readUndelivered(client, tag, prefix);
    else if (shape.holds === 'letters') yield await readLetters(client, stored, shape.stage);
  }
  yield await inBatches(chunks, async ({ key, id }): Promise<Item> => {
    const bytes = (await client.getBuffer(key)) ?? Buffer.alloc(0);
    return { kind: 'chunk', symbol: symbolOf(id), id, bytes };
  });
}

async function readFields(client: RedisClient, key: string, kind: HashKind): Promise<Item[]> {
  const items: Item[] = [];
  for (const [field, raw] of Object.entries(await client.hgetallBuffer(key))) {
    if (OWN_FIELDS.includes(field)) continue;
    const mark = SERIES_MARKS.find((prefix) => field.startsWith(prefix));
    if (field.startsWith('#') && !mark) throw new StartError(`field ${field} of ${key} is of no kind that is known`);
    const series = field.slice(mark?.length ?? 0);
    items.push({ kind, symbol: symbolOf(series), id: field, bytes: withoutOffset(kind, raw) });
  }
  return items;
}

function withoutOffset(kind: HashKind, raw: Buffer): Buffer {
  if (kind.startsWith('state of ')) return Buffer.from(unpackState(raw).bytes);
  if (kind !== 'index') return raw;
  return Buffer.from(JSON.stringify({ ...(JSON.parse(raw.toString()) as object), off: 0 }));
}

async function readSignals(client: RedisClient, key: string, symbol: string): Promise<Item> {
  const list = await client.lrange(key, 0, -1);
  return { kind: 'signals', symbol, id: symbol, bytes: Buffer.from(JSON.stringify(list)) };
}

async function readAlerts(client: RedisClient, key: string): Promise<Item[]> {
  return (await client.lrange(key, 0, -1)).map((json) => {
    return { kind: 'alerts', symbol: symbolOfAlert(json), id: '', bytes: Buffer.from(json) };
  });
}

const symbolOfAlert = (json: string): string | null =>
  (JSON.parse(json) as { signal?: { symbol?: string } }).signal?.symbol ?? null;

/** Words name alerts, but not their symbols. */
async function readTold(client: RedisClient, key: string): Promise<Item[]> {
  return (await scoresOf(client, key)).map(([word, ms]) => {
    return { kind: 'told', symbol: null, id: word, bytes: Buffer.from(ms) };
  });
}

async function readUndelivered(client: RedisClient, tag: string, prefix: string): Promise<Item[]> {
  const times = new Map(await scoresOf(client, prefix + undeliveredOrderKey(tag)));
  return Object.entries(await client.hgetall(prefix + undeliveredKey(tag))).map(([id, json]) => {
    const bytes = Buffer.from(`${times.get(id) ?? '0'} ${json}`);
    return { kind: 'undelivered', symbol: symbolOfAlert(json), id, bytes };
  });
}

async function scoresOf(client: RedisClient, key: string): Promise<(readonly [member: string, score: string])[]> {
  const flat = await client.zrange(key, '0', '-1', 'WITHSCORES');
  return flat.flatMap((member, i) => (i % 2 === 0 ? [[member, flat[i + 1] ?? '0'] as const] : []));
}

const LETTERS_PAGE = 500;

async function readLetters(client: RedisClient, key: string, stage: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let start = '-'; ;) {
    const page = await client.xrange(key, start, '+', 'COUNT', LETTERS_PAGE);
    for (const entry of page) {
      const { data } = parseEntry(entry as RawEntry);
      const { symbol } = JSON.parse(data) as { symbol?: string | null };
      items.push({ kind: `letters of ${stage}`, symbol: symbol ?? null, id: entry[0], bytes: Buffer.from(data) });
    }
    if (page.length < LETTERS_PAGE) return items;
    start = `(${page.at(-1)?.[0] ?? ''}`;
  }
}
