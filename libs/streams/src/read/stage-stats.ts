import { deadLettersKey, membersKey, stageKey, stageLayouts, tokensKey, type StageName } from '../layout/keys';
import type { RedisClient } from '../redis/connect';
import { readStandings, type PartitionStanding } from '../stage/partition-store';
import { defaultTuning } from '../stage/stage-options';

export interface PartitionStats {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
  /** Committed input and the end of it: offsets and bars. */
  readonly off: number;
  readonly tail: number;
  readonly bars: number;
  readonly lagBars: number;
  readonly outBars: number;
  /** Age of the oldest input that no snapshot holds, ms, by the server's clock; 0 when all is saved. */
  readonly snapshotAgeMs: number;
  readonly deadLetters: number;
}

/** Where every partition of a stage stands, from the protocol's own numbers. */
export async function readStageStats(
  client: RedisClient,
  stage: StageName,
  tags: readonly string[],
): Promise<PartitionStats[]> {
  const [standings, now] = await Promise.all([readStandings(client, stage, tags), serverMicros(client)]);
  return Promise.all(
    standings.map(async (at, partition) => {
      const tag = tags[partition] as string;
      const [saved, deadLetters] = await Promise.all([
        client.hmget(stageKey(stage, tag), 'outBars', 'snap'),
        client.xlen(deadLettersKey(stage, tag)),
      ]);
      return {
        partition,
        owner: at.owner,
        epoch: at.epoch,
        off: at.off,
        tail: at.tail,
        bars: at.offBars,
        lagBars: Math.max(0, at.tailBars - at.offBars),
        outBars: Number(saved[0] ?? 0),
        snapshotAgeMs: await snapshotAgeMs(client, stage, tag, at, Number(saved[1] ?? 0), now),
        deadLetters,
      };
    }),
  );
}

/** The list of tokens is as long as the stream and ends at its tail. */
async function snapshotAgeMs(
  client: RedisClient,
  stage: StageName,
  tag: string,
  { tail }: PartitionStanding,
  snap: number,
  nowMicros: number,
): Promise<number> {
  if (snap >= tail) return 0;
  const token = await client.lindex(tokensKey(stageLayouts[stage].input, tag), snap - tail);
  return token === null ? 0 : Math.max(0, (nowMicros - Number(token)) / 1_000);
}

/** A member's deadline is its last heartbeat and the time to live that every stage gives. */
export async function readHeartbeatAges(
  client: RedisClient,
  stage: StageName | 'ingestion',
): Promise<ReadonlyMap<string, number>> {
  const now = Math.floor((await serverMicros(client)) / 1_000);
  const raw = await client.zrangebyscore(membersKey(stage), now, '+inf', 'WITHSCORES');
  const ages = new Map<string, number>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    ages.set(raw[i] as string, Math.max(0, now + defaultTuning.ttlMs - Number(raw[i + 1])));
  }
  return ages;
}

async function serverMicros(client: RedisClient): Promise<number> {
  const [seconds, micros] = await client.time();
  return Number(seconds) * 1_000_000 + Number(micros);
}
