import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { moreCommitted, startSystem, type ServiceProcess, type System } from '@wagehood/fleet';
import type { HealthResponse, IndicatorsResponse, SignalsResponse } from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import { httpClient, type HttpClient } from './testing/http-client';

const SOON = { timeoutMs: 60_000, everyMs: 100 };

// What a Redis without a volume does when its pod moves to another node, as the one of the dev overlay may.
describe('Redis comes back empty while everything runs', () => {
  let system: System;
  let services: ServiceProcess[];
  let client: HttpClient;

  const startApi = async (): Promise<ServiceProcess> => {
    const api = system.start('api', { API_AUTH: 'off', API_PORT: '0', WATCHLIST_SYMBOLS: 'SPY,QQQ,IWM' });
    await api.ready();
    client = await httpClient(api);
    return api;
  };

  beforeAll(async () => {
    system = await startSystem({ settings: null });
    services = [
      await startApi(),
      ...(await system.up('ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting')),
    ];
  });

  afterAll(() => system?.stop());

  const comeBackEmpty = async (): Promise<void> => {
    await system.redis.kill('SIGKILL');
    await rm(join(system.redis.dir, 'appendonlydir'), { recursive: true });
    await system.redis.restart();
  };

  /** Healthy, indicators warm, signals there: nothing of it is left over, all of it was in Redis. */
  const expectWhole = async (): Promise<void> => {
    await moreCommitted(system, 20, 'strategy', SOON.timeoutMs);
    const { get } = client;
    const healthy = async () => (await get<HealthResponse>('/health')).body.status === 'healthy';
    const warm = async () => (await get<IndicatorsResponse>('/indicators/SPY')).body.series?.[0]?.ready;
    const signalled = async () => (await get<SignalsResponse>('/signals/SPY')).body.signals?.length;
    await until(healthy, { ...SOON, what: 'health' });
    await until(warm, { ...SOON, what: 'indicators' });
    await until(signalled, { ...SOON, what: 'signals' });
    for (const stage of ['calculation', 'strategy'] as const)
      expect(await system.reader.deadLetterCount(stage)).toBe(0);
    for (const service of services) expect((await service.probe('/readyz')).status).toBe(200);
  };

  it('the api writes the configuration again, history comes again, and everything goes on without a hand', async () => {
    await expectWhole();
    for (let round = 0; round < 2; round++) {
      await comeBackEmpty();
      await expectWhole();
    }
    expect(services.every((service) => service.isRunning())).toBe(true);
  }, 240_000);

  it('the api died with it, and a new one knows nothing but its file', async () => {
    await services.shift()?.kill();
    await comeBackEmpty();
    services.unshift(await startApi());
    await expectWhole();
  }, 120_000);
});
