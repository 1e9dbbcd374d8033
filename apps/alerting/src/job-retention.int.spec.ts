import type { Alert } from '@wagehood/contracts';
import { silentLogger } from '@wagehood/service';
import { connectRedis, queueConnection, silentLog, streamKey, partitionTag, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { Queue, Worker, type ConnectionOptions } from 'bullmq';
import { createDeliveryQueue, QUEUE_NAME, QUEUE_PREFIX, type Delivery, type DeliveryQueue } from './delivery-queue';
import { failedJobsKey, keptJobsKey } from './job-retention';
import { sweepJobs } from './retention-sweep';
import { sampleAlert } from './testing/sample-alert';

const PARTITIONS = 4;
const TAG = partitionTag(0, PARTITIONS);
const settings = { attempts: 1, backoffMs: 1, timeoutMs: 1_000, concurrency: 1, breakerMs: 1_000 };

const delivery = (offset: number): Delivery => ({ alert: sampleAlert({ id: `signal-${offset}` }), tag: TAG, offset });

describe('jobs stay until signal_stream is trimmed past their signal', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let deliveries: DeliveryQueue;
  let jobs: Queue<Alert>;
  let refused: string[];

  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'jobs', log: silentLog });
    deliveries = createDeliveryQueue(link, settings, silentLogger);
    jobs = new Queue(QUEUE_NAME, {
      connection: queueConnection(link) as unknown as ConnectionOptions,
      prefix: QUEUE_PREFIX,
    });
    refused = [];
  });
  afterEach(async () => {
    await Promise.all([deliveries.close(), jobs.close()]);
    await link.close();
    await redis.stop();
  });

  /** Delivers what waits. */
  const deliver = async (count: number): Promise<void> => {
    const connection = queueConnection(link) as unknown as ConnectionOptions;
    const fail = async ({ id }: { id?: string | undefined }): Promise<void> => {
      if (refused.includes(id ?? '')) throw new Error('refused');
    };
    const worker = new Worker<Alert>(QUEUE_NAME, fail, { connection, prefix: QUEUE_PREFIX });
    await until(async () => {
      const { completed = 0, failed = 0 } = await jobs.getJobCounts('completed', 'failed');
      return completed + failed === count;
    });
    await worker.close();
  };
  const kept = (...offsets: number[]) => Promise.all(offsets.map((n) => jobs.getJobState(delivery(n).alert.id)));
  const trimTo = async (first: number): Promise<void> => {
    await link.commands.del(streamKey('signal_stream', TAG));
    await link.commands.xadd(streamKey('signal_stream', TAG), `${first}-0`, 'kind', 'signal');
    await sweepJobs(link, PARTITIONS, deliveries, silentLogger);
  };

  it('forgets what was delivered once its signal is gone, and not before', async () => {
    await deliveries.add([delivery(1), delivery(2), delivery(3)]);
    await deliver(3);
    await trimTo(1);
    expect(await kept(1, 2, 3)).toEqual(['completed', 'completed', 'completed']);
    await deliveries.add([delivery(1)]); // decided again
    expect(await kept(1)).toEqual(['completed']);
    await trimTo(3);
    expect(await kept(1, 2, 3)).toEqual(['unknown', 'unknown', 'completed']);
    expect(await link.commands.zrange(keptJobsKey(TAG), '0', '-1')).toEqual([delivery(3).alert.id]);
  });

  it('keeps what still waits, and what was given up for as long as it can be sent again', async () => {
    refused = [delivery(1).alert.id];
    await deliveries.add([delivery(1)]);
    await deliver(1);
    await deliveries.add([delivery(2)]);
    await trimTo(9);
    expect(await kept(1, 2)).toEqual(['failed', 'waiting']);
    await link.commands.zadd(failedJobsKey, 1, delivery(1).alert.id); // long ago
    await trimTo(9);
    expect(await kept(1, 2)).toEqual(['unknown', 'waiting']);
  });

  it('gets through more jobs than one page holds, also behind many that stay', async () => {
    const all = Array.from({ length: 450 }, (_, i) => delivery(i + 1));
    await deliveries.add(all.slice(0, 250));
    await trimTo(1_000); // all wait, all stay
    expect(await jobs.getWaitingCount()).toBe(250);
    await deliver(250);
    await deliveries.add(all.slice(250));
    await trimTo(1_000);
    expect(await jobs.getCompletedCount()).toBe(0);
    expect(await jobs.getWaitingCount()).toBe(200);
  });
});
