/** The commands of Redis that acknowledgements need. */
export interface AcknowledgementCommands {
  hgetall(key: string): Promise<Record<string, string>>;
  hset(key: string, field: string, value: string): Promise<unknown>;
  hdel(key: string, ...fields: string[]): Promise<number>;
}

/** Hash owned by the api: alert id → who has seen it, and when. */
export const ACKNOWLEDGEMENTS_KEY = 'api:alerts:acknowledged';

const MOST = 20_000;

export interface Acknowledgement {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface Acknowledgements {
  all(): Promise<ReadonlyMap<string, Acknowledgement>>;
  /** The first one to acknowledge stays. */
  add(id: string, by: string): Promise<Acknowledgement>;
}

export function createAcknowledgements(redis: AcknowledgementCommands, now = () => new Date()): Acknowledgements {
  const all = async (): Promise<Map<string, Acknowledgement>> => {
    const entries = Object.entries(await redis.hgetall(ACKNOWLEDGEMENTS_KEY));
    return new Map(entries.map(([id, json]) => [id, JSON.parse(json) as Acknowledgement]));
  };
  return {
    all,
    async add(id, by) {
      const known = await all();
      const first = known.get(id);
      if (first) return first;
      const acknowledgement = { by, at: now().toISOString() };
      await redis.hset(ACKNOWLEDGEMENTS_KEY, id, JSON.stringify(acknowledgement));
      if (known.size >= MOST) await redis.hdel(ACKNOWLEDGEMENTS_KEY, ...oldest(known, known.size - MOST / 2));
      return acknowledgement;
    },
  };
}

const oldest = (known: ReadonlyMap<string, Acknowledgement>, count: number): string[] =>
  [...known]
    .sort(([, a], [, b]) => a.at.localeCompare(b.at))
    .slice(0, count)
    .map(([id]) => id);
