import {
  evenSymbols,
  moreCommitted,
  startSystem,
  type ServiceName,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';
import { createServer, type AddressInfo, type Server } from 'node:net';

const SERVICES: readonly ServiceName[] = ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting'];
const DRAIN_MS = 5_000;
const environments: Partial<Record<ServiceName, Record<string, string>>> = {
  api: { API_AUTH: 'off', API_PORT: '0', WATCHLIST_SYMBOLS: evenSymbols(2).join() },
  ingestion: { MOCK_SPEED: '60/s', HISTORY_BARS: '300' },
};

describe('the end of a service', () => {
  let system: System;
  afterEach(() => system?.stop());

  async function allAtWork(): Promise<ServiceProcess[]> {
    system = await startSystem({ settings: null });
    const services = SERVICES.map((name) => system.start(name, environments[name]));
    await Promise.all(services.map((service) => service.ready()));
    await moreCommitted(system, 2_000);
    return services;
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('%s in mid-stream: all drain within 5 s and exit with 0', async (signal) => {
    const services = await allAtWork();
    const startedAt = performance.now();
    const exits = await Promise.all(
      services.map(async (service) => ({ name: service.name, ...(await service.kill(signal)) })),
    );
    expect(performance.now() - startedAt).toBeLessThan(DRAIN_MS);
    expect(exits).toEqual(SERVICES.map((name) => ({ name, code: 0, signal: null })));
    for (const service of services) expect(service.stderr()).toBe('');
    // Nobody's partition is left behind for others to wait for.
    for (const stage of ['calculation', 'strategy', 'alerting'] as const) {
      expect((await system.reader.stageStats(stage)).filter(({ owner }) => owner !== '')).toEqual([]);
      expect(await system.reader.members(stage)).toEqual([]);
    }
  });

  it('SIGTERM while Redis is away: all are gone within 5 s all the same', async () => {
    const services = await allAtWork();
    await system.redis.kill();
    const waitsFor503 = async (service: ServiceProcess) => (await service.probe('/readyz')).status === 503;
    for (const service of services)
      await until(() => waitsFor503(service), { timeoutMs: 10_000, what: `${service.name} misses Redis` });
    const startedAt = performance.now();
    await Promise.all(services.map((service) => service.terminate()));
    expect(performance.now() - startedAt).toBeLessThan(DRAIN_MS);
  });

  describe('a port that is in use', () => {
    let server: Server;
    let port: string;

    beforeAll(async () => {
      server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
      port = String((server.address() as AddressInfo).port);
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const expectRefusal = async (service: ServiceProcess, variable: string): Promise<void> => {
      expect(await service.exit).toMatchObject({ code: 1 });
      expect(service.stderr()).toMatch(new RegExp(`${service.name} cannot start: .*${port}.*in use.*${variable}`));
      expect(service.stderr().trim().split('\n')).toHaveLength(1);
    };

    it('each service says which one and which variable to change, and exits with 1', async () => {
      system = await startSystem({ settings: null });
      const services = SERVICES.map((name) => system.start(name, { ...environments[name], HEALTH_PORT: port }));
      for (const service of services) await expectRefusal(service, 'HEALTH_PORT');
      await expectRefusal(system.start('api', { ...environments.api, API_PORT: port }), 'API_PORT');
    });
  });
});
