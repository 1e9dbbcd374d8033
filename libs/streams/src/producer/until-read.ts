import { setTimeout as delay } from 'node:timers/promises';
import { stageKey, tailSource, type StageName } from '../layout/keys';
import type { RedisClient } from '../redis/connect';

const LOOK_EVERY_MS = 50;
const STAGES: readonly StageName[] = ['calculation', 'strategy'];

/**
 * Resolves when calculation has read a log up to where it stands now, and evaluation what came of it. Earlier when nobody wants to know
 * any more, when the log has become shorter, and when Redis does not answer.
 */
export async function untilRead(client: RedisClient, tag: string, isWanted: () => boolean): Promise<void> {
  try {
    for (const stage of STAGES) {
      let at = await standingOf(client, stage, tag);
      const end = at.tail;
      while (isWanted() && !at.idle && at.off < end && at.tail >= end) {
        await delay(LOOK_EVERY_MS);
        at = await standingOf(client, stage, tag);
      }
    }
  } catch {
    // whoever writes next is told what is wrong
  }
}

async function standingOf(client: RedisClient, stage: StageName, tag: string) {
  const source = tailSource(stage, tag);
  const [own, tail] = await Promise.all([
    client.hmget(stageKey(stage, tag), 'off', 'idle'),
    client.hget(source.key, source.offset),
  ]);
  return { off: Number(own[0] ?? 0), idle: own[1] != null, tail: Number(tail ?? 0) };
}
