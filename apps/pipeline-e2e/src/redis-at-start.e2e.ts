import {
  committed,
  openSettings,
  startSystem,
  type ServiceName,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const ALL: readonly ServiceName[] = ['strategy-evaluator', 'alerting', 'calculation-worker', 'ingestion', 'api'];
const API = { API_AUTH: 'off', API_PORT: '0' };

describe('Redis at start', () => {
  let system: System;
  afterEach(() => system?.stop());

  const startAll = (environment: Record<string, string> = {}): ServiceProcess[] =>
    ALL.map((name) => system.start(name, { ...(name === 'api' ? API : {}), ...environment }));

  const notReady = (services: readonly ServiceProcess[], reason: RegExp): Promise<unknown[]> =>
    Promise.all(
      services.map((service) =>
        until(
          async () => {
            const { status, text } = await service.probe('/readyz');
            return status === 503 && reason.test(text);
          },
          { timeoutMs: 20_000, everyMs: 50, what: `${service.name} tells of ${String(reason)}` },
        ),
      ),
    );

  it('away: every service waits and says why, then comes up by itself, whatever the order', async () => {
    system = await startSystem({ settings: openSettings(['SPY']) });
    await system.redis.kill();
    const services = startAll();
    await notReady(services, /redis: .*Redis at .* cannot be reached/);
    for (const service of services) expect((await service.probe('/livez')).status).toBe(200);
    await system.redis.restart();
    await Promise.all(services.map((service) => service.ready()));
    await until(async () => (await committed(system, 'strategy')) > 0, { timeoutMs: 20_000, what: 'bars all the way' });
  });

  it('refuses the password: every service says so and keeps waiting, and no log shows the password', async () => {
    system = await startSystem({ settings: null, redisArgs: ['--requirepass', 'right'] });
    const services = startAll({ REDIS_PASSWORD: 'wrong-password' });
    await notReady(services, /refuses our credentials .*REDIS_PASSWORD/);
    for (const service of services) {
      expect(service.isRunning()).toBe(true);
      expect((await service.probe('/livez')).status).toBe(200);
      expect(JSON.stringify(service.lines) + service.stderr()).not.toContain('wrong-password');
    }
    for (const service of services) expect(await service.terminate()).toMatchObject({ code: 0 });
  });

  it('was started with another number of partitions: every service refuses to run', async () => {
    system = await startSystem({ settings: openSettings(['SPY']) });
    await system.up('calculation-worker');
    const services = startAll({ PARTITIONS: '32' });
    for (const service of services) {
      expect(await service.exit).toMatchObject({ code: 1 });
      expect(service.stderr()).toMatch(
        /cannot start: PARTITIONS is 32, but this Redis was started with 16 .*set PARTITIONS=16/,
      );
      expect(service.stderr()).not.toMatch(/^\s+at /m);
    }
  });
});
