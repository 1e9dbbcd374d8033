import {
  atRest,
  committed,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  withPartitions,
  Witness,
  workspaceRoot,
  type System,
} from '@wagehood/fleet';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const [FEW, MANY] = [16, 64];
const SYMBOLS = evenSymbols(1, MANY);
const TOOL = join(workspaceRoot, 'dist/tools/repartition/main.cjs');
interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the command as a human would; `killAt` ends it by SIGKILL when it says that. */
function repartition({ redis }: System, words: readonly string[], killAt?: string): Promise<Ran> {
  const child = spawn(process.execPath, [TOOL, ...words, '--redis-url', redis.url], { env: {} });
  let output = '';
  const hear = (text: Buffer): void => {
    output += text.toString();
    if (killAt !== undefined && output.includes(killAt)) child.kill('SIGKILL');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

/** Ingestion first, then the others when they have nothing left to do. */
async function end(system: System): Promise<void> {
  for (const service of system.running('ingestion')) expect(await service.terminate()).toMatchObject({ code: 0 });
  await atRest(system, 60_000, ['calculation', 'strategy', 'alerting']);
  for (const service of system.all()) expect(await service.terminate()).toMatchObject({ code: 0 });
}

/** Everything runs, and a good many live bars go all the way. */
async function liveOn(system: System, bars: number): Promise<void> {
  await system.up('calculation-worker', 'strategy-evaluator', 'alerting');
  await inMidStream(system, system.start('ingestion', { MOCK_SPEED: '8/s', HISTORY_BARS: '60' }));
  await moreCommitted(system, bars, 'strategy');
}

describe('the number of partitions changes', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('16 → 64 → 16: every value and every signal is what it would have been, and nothing stored is lost', async () => {
    const settings = openSettings(SYMBOLS, { enable_alerts: true }, ['1s', '5s']);
    system = await startSystem({ settings, partitions: FEW });
    await liveOn(system, 2_000);
    const refused = await repartition(system, ['--to', String(MANY)]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain('ingestion is running (1 live): end every service first');
    await end(system);
    const first = new Witness(system, { remembers: true });
    const before = await first.conclude();

    const dry = await repartition(system, ['--to', String(MANY), '--dry-run']);
    expect(dry).toMatchObject({ code: 0 });
    expect(await repartition(system, ['--to', String(MANY)], 'copying')).toMatchObject({ code: null });
    const early = system.start('calculation-worker');
    expect(await early.exit).toMatchObject({ code: 1 });
    expect(early.stderr() + JSON.stringify(early.lines)).toContain('on its way from 16 to 64 partitions');
    const moved = await repartition(system, ['--to', String(MANY)]);
    expect(moved.output).toContain('16 → 64 partitions; start the services with PARTITIONS=64');
    expect(await system.start('ingestion').exit).toMatchObject({ code: 1 });

    const many = withPartitions(system, MANY);
    const second = await first.goesOnIn(many);
    await second.conclude(); // what is stored is what was stored
    await liveOn(many, 2_000);
    await end(many);
    const after = await second.conclude();
    expect(after.series.size).toBe(SYMBOLS.length);
    expect(after.bars).toBeGreaterThan(before.bars + 1_000);
    expect(after).toMatchObject({ refused: 0 });

    expect(await repartition(system, ['--to', String(FEW)])).toMatchObject({ code: 0 });
    const third = await second.goesOnIn(system);
    await liveOn(system, 1_000);
    await end(system);
    expect((await third.conclude()).bars).toBeGreaterThan(after.bars + 500);
    expect(await committed(system, 'strategy')).toBeGreaterThan(1_000);
  });
});
