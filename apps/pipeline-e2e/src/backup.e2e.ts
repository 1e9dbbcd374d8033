import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  verify,
  workspaceRoot,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { partitionTags, streamKey } from '@wagehood/streams';
import { until } from '@wagehood/testing';

const SYMBOLS = evenSymbols(2);
const run = promisify(execFile);
const RESTORE = 'deploy/kustomize/components/redis-dev/restore.sh';

// The commands of "Backup and restore" in docs/operations.md.
describe('a backup taken under load', () => {
  let system: System;
  let ingestion: ServiceProcess;

  beforeAll(async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS, {}, ['1s', '5s']) });
    ingestion = system.start('ingestion', { MOCK_SPEED: '20/s', HISTORY_BARS: '60' });
    await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
    await inMidStream(system, ingestion);
  });
  afterAll(() => system?.stop());

  const streams = partitionTags(16).map((tag) => streamKey('signal_stream', tag));
  const signals = async (): Promise<string[]> => {
    const entries = await Promise.all(streams.map((stream) => system.link.commands.xrange(stream, '-', '+')));
    return entries.map((stream) => JSON.stringify(stream));
  };

  const redisCli = () => `redis-cli -s ${system.redis.socket}`;
  const sh = (command: string) =>
    run('sh', ['-c', command], { cwd: workspaceRoot, env: { ...process.env, REDIS_CLI: redisCli() } });

  it('brings back every signal of its moment; what came after is computed again, and no bar is lost', async () => {
    const backup = join(system.redis.dir, 'backup.rdb');
    const before = await signals();
    await sh(`$REDIS_CLI --rdb - > ${backup}`);
    await moreCommitted(system, 500, 'strategy');
    await sh(`sh ${RESTORE} ${backup} ${system.redis.dir}`);
    await until(() => !system.redis.isRunning(), { what: 'the end of Redis' });
    await sh(`echo y | redis-check-aof --fix ${system.redis.dir}/appendonlydir/appendonly.aof.manifest`); // as start.sh does
    await system.redis.restart();

    await moreCommitted(system, 500, 'strategy');
    const after = await signals();
    expect(before.some((stream) => stream !== '[]')).toBe(true);
    before.forEach((stream, i) => expect(after[i]?.startsWith(stream.slice(0, -1))).toBe(true));

    expect(await ingestion.metric('wagehood_ingestion_gaps_total')).toBe(0);
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);
    const { series, refused } = await verify(system);
    expect(series.size).toBe(SYMBOLS.length);
    expect(refused).toBe(0);
    expect(await system.reader.deadLetterCount('calculation')).toBe(0);
  }, 120_000);

  it('is not replaced by a file that is no backup', async () => {
    const file = join(system.redis.dir, 'nonsense.rdb');
    await writeFile(file, 'nonsense');
    await expect(sh(`sh ${RESTORE} ${file} ${system.redis.dir}`)).rejects.toThrow('is no snapshot of Redis');
    expect(system.redis.isRunning()).toBe(true);
  });
});
