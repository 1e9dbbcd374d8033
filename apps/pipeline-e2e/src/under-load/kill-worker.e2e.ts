import {
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  Witness,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const KILLS = 10;
const SYMBOLS = evenSymbols(2);

/** Kills a worker while it has partitions in hand, and starts another in its place. */
async function replaceInMidStream(system: System, victim: ServiceProcess): Promise<ServiceProcess> {
  await until(() => victim.logged('partition acquired').length > 0, { timeoutMs: 15_000, what: 'a victim with work' });
  await moreCommitted(system, 300);
  await victim.kill('SIGKILL');
  return system.start(victim.name);
}

/** Entries that new owners had to fold again: the dead had committed them, but not saved what came of them. */
function replayed(services: readonly ServiceProcess[]): number {
  const takeovers = services.flatMap((service) => service.logged('partition acquired'));
  return takeovers.reduce((sum, line) => sum + Number(line['replayed']), 0);
}

describe('kill -9 in mid-stream', () => {
  let system: System;
  afterEach(() => system?.stop());

  it(`of one of two calculation-workers, ${KILLS} times, and of the only evaluator, 3 times: nothing lost, nothing twice`, async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS, {}, ['1s', '5s']) });
    const ingestion = system.start('ingestion', { MOCK_SPEED: '30/s', HISTORY_BARS: '60' });
    const workers = await system.up('calculation-worker', 'calculation-worker');
    let [evaluator] = await system.up('strategy-evaluator');
    await inMidStream(system, ingestion);
    const witness = new Witness(system);
    for (let kill = 0; kill < KILLS; kill++) {
      workers[kill % 2] = await replaceInMidStream(system, workers[kill % 2] as ServiceProcess);
      if (kill % 3 === 2) evaluator = await replaceInMidStream(system, evaluator as ServiceProcess);
      await witness.look(); // before anything is trimmed
    }
    await Promise.all([...workers, evaluator].map((service) => service?.ready()));
    await moreCommitted(system, 1_000, 'strategy');
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);

    expect(replayed(system.running('calculation-worker'))).toBeGreaterThan(0);
    const { bars, events, signals, refused, series } = await witness.conclude();
    expect(series.size).toBe(SYMBOLS.length);
    expect(events).toBeGreaterThan(bars);
    expect(signals).toBeGreaterThan(0);
    expect(refused).toBe(0);
    expect(await system.reader.deadLetterCount('calculation')).toBe(0);
    expect(await system.reader.deadLetterCount('strategy')).toBe(0);
  });
});
