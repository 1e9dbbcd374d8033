import { startProxy, startRedis, until, type TestProxy, type TestRedis } from '@wagehood/testing';
import { Fixture } from '../testing/fixture';

const PARTITIONS = 64;
/** On a network like this one, one partition after the other would take its dozen of one-way trips 64 times. */
const LATENCY_MS = 10;

describe('64 partitions over a slow network', () => {
  let redis: TestRedis;
  let proxy: TestProxy;
  let fixture: Fixture;
  beforeEach(async () => {
    redis = await startRedis({ port: true });
    proxy = await startProxy({ host: '127.0.0.1', port: redis.port ?? 0 });
    fixture = Fixture.over({ url: proxy.url }, PARTITIONS);
    proxy.suffer({ latencyMs: LATENCY_MS });
  });
  afterEach(async () => {
    proxy.heal();
    await fixture.close();
    await Promise.all([proxy.stop(), redis.stop()]);
  });

  it('are loaded some at a time, and handed over some at a time', async () => {
    const tuning = { ttlMs: 5_000, heartbeatMs: 100 };
    const startedAt = performance.now();
    const first = fixture.worker('first', tuning);
    await first.start();
    await until(() => first.status().owned.length === PARTITIONS, { timeoutMs: 30_000, what: 'all partitions' });
    const tookMs = performance.now() - startedAt;
    const loads = fixture.events.flatMap((event) => (event.type === 'acquired' ? [event.tookMs] : []));
    expect(loads.length).toBeGreaterThan(PARTITIONS - 10);
    expect(loads.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(1.5 * tookMs);

    const second = fixture.worker('second', tuning);
    await second.start();
    const halves = () => [first, second].every((worker) => worker.status().owned.length === PARTITIONS / 2);
    await until(halves, { timeoutMs: 30_000, what: 'a fair share' });
    const moved = fixture.events.filter(({ type }) => type === 'released');
    expect(moved).toHaveLength(PARTITIONS / 2);

    await Promise.all([first.stop(), second.stop()]);
  });
});
