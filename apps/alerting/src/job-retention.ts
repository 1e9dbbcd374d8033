import type { Alert } from '@wagehood/contracts';
import type { RedisLink } from '@wagehood/streams';
import type { Job, JobState, Queue } from 'bullmq';
import type { Delivery } from './delivery-queue';

/** In the slot of the queue. Sorted set per partition: job id → offset of its signal in signal_stream. */
export const keptJobsKey = (tag: string): string => `{alerting}:kept:${tag}`;
/** Sorted set: id of a job that had failed when its signal left the stream → epoch ms of that. */
export const failedJobsKey = '{alerting}:kept-failed';

const PAGE = 200;
/** Undelivered alerts can be sent again for so long, and so many of them. */
const FAILED_KEPT_MS = 14 * 24 * 3_600_000;
const FAILED_KEPT = 10_000;

/** Keeps every job for exactly as long as its signal may be decided again: until signal_stream is trimmed past it. */
export interface JobRetention {
  /** Before the jobs are added: a job that nobody has noted would stay for ever. */
  note(deliveries: readonly Delivery[]): Promise<void>;
  /** @returns how many jobs were removed */
  forget(tag: string, firstOffset: number): Promise<number>;
}

export function createJobRetention(redis: RedisLink['commands'], queue: Queue<Alert>): JobRetention {
  const forgetFailed = async (now: number): Promise<number> => {
    const old = await redis.zrangebyscore(failedJobsKey, '-inf', now - FAILED_KEPT_MS, 'LIMIT', 0, PAGE);
    const surplus = await redis.zrange(failedJobsKey, '0', String(-FAILED_KEPT - 1));
    const ids = [...new Set([...old, ...surplus.slice(0, PAGE)])];
    if (ids.length === 0) return 0;
    const removed = await Promise.all(ids.map((id) => removeFinished(queue, id)));
    await redis.zrem(failedJobsKey, ...ids);
    return removed.filter(Boolean).length;
  };
  return {
    async note(deliveries) {
      const byTag = new Map<string, (string | number)[]>();
      for (const { alert, tag, offset } of deliveries) byTag.set(tag, [...(byTag.get(tag) ?? []), offset, alert.id]);
      for (const [tag, scores] of byTag) await redis.zadd(keptJobsKey(tag), ...scores);
    },
    async forget(tag, firstOffset) {
      const key = keptJobsKey(tag);
      let removed = await forgetFailed(Date.now());
      for (let skip = 0; ;) {
        const ids = await redis.zrangebyscore(key, '-inf', `(${firstOffset}`, 'LIMIT', skip, PAGE);
        const states = await Promise.all(ids.map((id) => queue.getJobState(id)));
        const those = (state: JobState | 'unknown') => ids.filter((_id, i) => states[i] === state);
        const [completed, failed] = [those('completed'), those('failed')];
        const codes = await Promise.all(completed.map((id) => queue.remove(id)));
        removed += codes.filter((code) => code === 1).length;
        if (failed.length > 0) await redis.zadd(failedJobsKey, ...failed.flatMap((id) => [Date.now(), id]));
        const done = [...completed, ...failed, ...those('unknown')]; // jobs under way stay noted until they are over
        if (done.length > 0) await redis.zrem(key, ...done);
        if (ids.length < PAGE) return removed;
        skip += ids.length - done.length;
      }
    },
  };
}

/** One that has failed may be asked for again at any moment. */
async function removeFinished(queue: Queue<Alert>, id: string): Promise<boolean> {
  const job: Job<Alert> | undefined = await queue.getJob(id);
  if (!job || !((await job.isCompleted()) || (await job.isFailed()))) return false;
  await job.remove();
  return true;
}
