import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { runApi, type RunningApi } from './testing/run-api';

describe('the lag that an autoscaler goes by', () => {
  let redis: TestRedis;
  let api: RunningApi;

  beforeAll(async () => {
    redis = await startRedis();
    api = await runApi(redis.url);
  });

  afterAll(async () => {
    await api.stop();
    await redis.stop();
  });

  it('is told for each stage, also when nobody works on it', async () => {
    const text = await api.metrics();
    for (const stage of ['calculation', 'strategy', 'alerting']) {
      expect(text).toContain(`wagehood_pipeline_lag_bars{stage="${stage}",service="api"} 0`);
    }
  });

  it('is not told while Redis is away, and the other metrics are', async () => {
    await redis.kill();
    await until(async () => !(await api.metrics()).includes('wagehood_pipeline_lag_bars{'), { timeoutMs: 10_000 });
    expect(await api.metrics()).toContain('wagehood_api_stream_clients');
    await redis.restart();
    await until(async () => (await api.metrics()).includes('wagehood_pipeline_lag_bars{'), { timeoutMs: 10_000 });
  }, 30_000);
});
