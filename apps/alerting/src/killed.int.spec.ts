import type { Signal } from '@wagehood/contracts';
import { bundleService, type Bundle, type RunningService } from '@wagehood/service/testing';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { join } from 'node:path';
import { startReceiver, type Receiver } from './testing/receiver';
import { sampleSignal } from './testing/sample-alert';
import { createUpstream, type Upstream } from './testing/start-alerting';

const [KILLS, PER_ROUND, CONCURRENCY] = [3, 30, 5];
const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL'];

const signal = (n: number): Signal =>
  sampleSignal({ id: `signal-${n}`, symbol: SYMBOLS[n % SYMBOLS.length] as string, emittedAt: 1_700_000_000_000 + n });

describe('alerting killed with SIGKILL in mid-queue', () => {
  let redis: TestRedis;
  let upstream: Upstream;
  let receiver: Receiver;
  let bundle: Bundle;

  beforeAll(async () => {
    bundle = bundleService(join(__dirname, 'main.ts'));
    redis = await startRedis();
    upstream = createUpstream(redis.url);
    receiver = await startReceiver();
    receiver.delayMs = 30;
  });
  afterAll(async () => {
    bundle.remove();
    await receiver.close();
    await upstream.close();
    await redis.stop();
  });

  const start = (): RunningService =>
    bundle.run({
      REDIS_URL: redis.url,
      PARTITIONS: '4',
      ALERT_CONCURRENCY: String(CONCURRENCY),
      ALERT_BACKOFF_MS: '50',
    });
  const ids = () => receiver.received.map(({ headers }) => String(headers['x-wagehood-delivery']));
  const jobs = async () => {
    const keys = await upstream.link.commands.keys('{alerting}:deliveries:signal-*');
    return keys.filter((key) => !key.endsWith(':lock')).length;
  };

  it('has one job per alert and delivers every one, always under its id', async () => {
    const wanted = KILLS * PER_ROUND;
    await upstream.configure({
      alerts: {
        channels: { desk: { type: 'webhook', url: receiver.url, allow_private: true } },
        rules: [{ name: 'all', channels: ['desk'] }],
      },
    });
    for (let round = 0; round < KILLS; round++) {
      const before = receiver.received.length;
      const service = start();
      await upstream.emit(...Array.from({ length: PER_ROUND }, (_, i) => signal(round * PER_ROUND + i)));
      await until(() => receiver.received.length >= before + 8, { timeoutMs: 20_000 });
      service.signal('SIGKILL');
      await service.exit();
    }
    expect(new Set(ids()).size).toBeLessThan(wanted); // the last kill came before the end
    const last = start();
    await until(() => new Set(ids()).size === wanted, { timeoutMs: 45_000, everyMs: 100 });
    const delivered = await until(
      async () => {
        const alerts = (await upstream.alerts()).filter(({ status }) => status === 'delivered');
        return alerts.length === wanted && alerts;
      },
      // Whoever was killed between a delivery and its word leaves a job that is taken up when its lock has run out.
      { timeoutMs: 40_000 },
    );
    expect(new Set(delivered.map(({ id }) => id))).toEqual(new Set(ids()));
    expect(await jobs()).toBe(wanted);
    // Only what was under way at a kill may arrive a second time.
    expect(receiver.received.length - wanted).toBeLessThanOrEqual(KILLS * CONCURRENCY);
    last.signal('SIGTERM');
    expect(await last.exit()).toBe(0);
  }, 150_000);
});
