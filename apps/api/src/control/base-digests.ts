import type { BaseDigests, Section } from './merge-settings';

/** Hash owned by the api: section → digest of the base that the stored document last took up. */
export const BASE_DIGESTS_KEY = 'api:base-digests';

export interface DigestCommands {
  hgetall(key: string): Promise<Record<string, string>>;
  hset(key: string, values: Record<string, string>): Promise<unknown>;
}

export interface BaseDigestStore {
  read(): Promise<BaseDigests>;
  write(digests: BaseDigests): Promise<void>;
}

export const createBaseDigestStore = (redis: DigestCommands): BaseDigestStore => ({
  read: async () => (await redis.hgetall(BASE_DIGESTS_KEY)) as Partial<Record<Section, string>>,
  async write(digests) {
    await redis.hset(BASE_DIGESTS_KEY, digests as Record<string, string>);
  },
});
