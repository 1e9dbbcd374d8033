import { atRest, committed, ended, evenSymbols, openSettings, startSystem, verify, type System } from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const SYMBOLS = evenSymbols(1);
/** The input alone is more than Redis may hold, however quickly it is worked off. */
const BARS = 10_000;

describe('Redis is full', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('holds ingestion back, stops nobody, loses nothing, and goes on when there is room', async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS), redisArgs: ['--maxmemory', '8mb'] });
    const ingestion = system.start('ingestion', { MOCK_SPEED: 'max', MOCK_BARS: String(BARS), HISTORY_BARS: '0' });
    const stages = await system.up('calculation-worker', 'strategy-evaluator');
    await until(async () => (await ingestion.probe('/readyz')).text.includes('log: Redis is nearly full'), {
      timeoutMs: 30_000,
      everyMs: 50,
      what: 'ingestion held back',
    });
    // What is in the log is still worked off: the stages may write when ingestion may not.
    await atRest(system);
    const before = await committed(system);
    expect(before).toBeLessThan(SYMBOLS.length * BARS);
    for (const service of [ingestion, ...stages]) expect((await service.probe('/livez')).ok).toBe(true);
    expect((await stages[0]?.probe('/readyz'))?.status).toBe(200);

    await system.link.commands.config('SET', 'maxmemory', '1gb');
    await ended(system, ingestion);
    await atRest(system);
    expect(await committed(system)).toBe(SYMBOLS.length * BARS);
    const { bars, series } = await verify(system);
    expect(bars).toBe(SYMBOLS.length * BARS);
    expect([...series.values()]).toEqual(SYMBOLS.map(() => BARS));
    expect([ingestion, ...stages].every((service) => service.isRunning())).toBe(true);
  });
});
