import {
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  Witness,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const SYMBOLS = evenSymbols(2);

/** Waits until exactly so many processes own all partitions of a stage. */
async function sharedBy(system: System, owners: number): Promise<void> {
  await until(
    async () => {
      const stats = await system.reader.stageStats('calculation');
      return stats.every(({ owner }) => owner !== '') && new Set(stats.map(({ owner }) => owner)).size === owners;
    },
    { timeoutMs: 30_000, everyMs: 50, what: `all partitions with ${owners} workers` },
  );
}

describe('scaling in mid-stream', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('1 → 3 → 1 calculation-workers: all partitions move, nothing is lost, nothing comes twice', async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS, {}, ['1s', '5s']) });
    const ingestion = system.start('ingestion', { MOCK_SPEED: '60/s', HISTORY_BARS: '60' });
    await system.up('calculation-worker', 'strategy-evaluator');
    await inMidStream(system, ingestion);
    const witness = new Witness(system);
    const added = await system.up('calculation-worker', 'calculation-worker');
    await sharedBy(system, 3);
    const shares = new Map<string, number>();
    for (const { owner } of await system.reader.stageStats('calculation'))
      shares.set(owner, (shares.get(owner) ?? 0) + 1);
    expect(Math.max(...shares.values()) - Math.min(...shares.values())).toBeLessThanOrEqual(1);
    await moreCommitted(system, 2_000);
    await witness.look(); // before anything is trimmed
    for (const worker of added) expect(await worker.terminate()).toMatchObject({ code: 0 });
    await sharedBy(system, 1);
    await moreCommitted(system, 2_000);
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);

    const { bars, refused, series } = await witness.conclude();
    expect(series.size).toBe(SYMBOLS.length);
    expect(bars).toBeGreaterThan(6_000);
    expect(refused).toBe(0);
  });
});
