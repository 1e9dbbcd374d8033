import { SCOPES, type KeyRecord } from './api-key';

/** The commands of Redis that api keys need. */
export interface KeyCommands {
  hget(key: string, field: string): Promise<string | null>;
  hgetall(key: string): Promise<Record<string, string>>;
  hset(key: string, field: string, value: string): Promise<unknown>;
  hdel(key: string, field: string): Promise<number>;
}

/** Hash owned by the api: id → record as JSON. */
export const API_KEYS_KEY = 'api:keys';

export interface KeyStore {
  find(id: string): Promise<KeyRecord | null>;
  list(): Promise<readonly KeyRecord[]>;
  add(record: KeyRecord): Promise<void>;
  /** False when there was no such key. */
  revoke(id: string): Promise<boolean>;
}

export function createKeyStore(redis: KeyCommands): KeyStore {
  return {
    async find(id) {
      const json = await redis.hget(API_KEYS_KEY, id);
      return json === null ? null : parseRecord(json);
    },
    async list() {
      const records = Object.values(await redis.hgetall(API_KEYS_KEY)).map(parseRecord);
      return records
        .filter((record): record is KeyRecord => record !== null)
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    },
    async add(record) {
      await redis.hset(API_KEYS_KEY, record.id, JSON.stringify(record));
    },
    revoke: async (id) => (await redis.hdel(API_KEYS_KEY, id)) === 1,
  };
}

/** Tolerates fields of a newer release; a record that lost its meaning grants nothing. */
function parseRecord(json: string): KeyRecord | null {
  try {
    const { id, name, scopes, hash, createdAt } = JSON.parse(json) as Partial<KeyRecord>;
    if (!id || !hash || !Array.isArray(scopes)) return null;
    const known = SCOPES.filter((scope) => scopes.includes(scope));
    return { id, name: name ?? '', scopes: known, hash, createdAt: createdAt ?? '' };
  } catch {
    return null;
  }
}
