import {
  atRest,
  cutPower,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  sync,
  verify,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const SYMBOLS = evenSymbols(2);

const allAnswer = (services: readonly ServiceProcess[], status: number, what: string): Promise<unknown> =>
  until(
    async () => {
      const replies = await Promise.all(services.map((service) => service.probe('/readyz')));
      return replies.every((reply) => reply.status === status);
    },
    { timeoutMs: 20_000, everyMs: 50, what },
  );

describe('Redis is lost in mid-stream', () => {
  let system: System;
  let services: ServiceProcess[];
  let ingestion: ServiceProcess;

  beforeEach(async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS, {}, ['1s', '5s']) });
    ingestion = system.start('ingestion', { MOCK_SPEED: '50/s', HISTORY_BARS: '60' });
    services = [ingestion, ...(await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator'))];
    await inMidStream(system, ingestion);
  });

  afterEach(() => system?.stop());

  async function expectNothingLost(): Promise<void> {
    await moreCommitted(system, 1_000, 'strategy');
    expect(services.every((service) => service.isRunning())).toBe(true);
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);
    const { series, refused } = await verify(system);
    expect(series.size).toBe(SYMBOLS.length);
    expect(refused).toBe(0);
    expect(await system.reader.deadLetterCount('calculation')).toBe(0);
  }

  it('killed and started again, twice: every service says so on /readyz, survives and goes on; nothing lost or twice', async () => {
    for (let round = 0; round < 2; round++) {
      await system.redis.kill('SIGKILL');
      await allAnswer(services, 503, 'everybody misses Redis');
      for (const service of services) {
        expect((await service.probe('/readyz')).text).toMatch(/Redis at .* (cannot be reached|closed the connection)/);
        expect((await service.probe('/livez')).status).toBe(200);
      }
      await system.redis.restart();
      await allAnswer(services, 200, 'everybody is ready again');
      await moreCommitted(system, 1_000);
    }
    await expectNothingLost();
  });

  it('power cut, three times: what Redis has forgotten is sent and computed again; nothing lost or twice', async () => {
    for (const share of [0.2, 0.5, 0.8]) {
      const synced = await sync(system.redis);
      await moreCommitted(system, 1_000);
      expect((await cutPower(system.redis, synced, share)).lostBytes).toBeGreaterThan(0);
      await system.redis.restart();
      await allAnswer(services, 200, 'everybody is ready again');
      await moreCommitted(system, 1_000);
    }
    expect(await ingestion.metric('wagehood_ingestion_resent_bars_total')).toBeGreaterThan(0);
    await expectNothingLost();
  });
});
