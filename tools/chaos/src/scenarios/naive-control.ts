import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { evenSymbols, openSettings, readForeignStream, startSystem, Witness, workspaceRoot } from '@wagehood/fleet';
import type { ServiceProcess, System } from '@wagehood/fleet';
import { lastKey, partitionTags, streamKey } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import type { ChaosContext, Scenario } from '../scenario';

const BUNDLE = join(workspaceRoot, 'dist/tools/chaos/main.cjs');
const KILLS = 4;
const MILLISECONDS_OF_WORK = 2_500;

export const naiveControl: Scenario = {
  name: 'naive-control',
  strikes: null,
  title:
    'the textbook worker (consumer per process, XAUTOCLAIM) under the same verifier: it must fail, or the verifier is blind',
  async run(context) {
    const undisturbed = await verdictOn(context, 0);
    if (undisturbed !== null) throw new Error(`it fails although nobody disturbed it: ${undisturbed}`);
    const disturbed = await verdictOn(context, KILLS);
    if (disturbed === null) throw new Error(`it passes after ${KILLS} kills: the verifier sees nothing`);
    return {
      'one worker, left alone': 'nothing wrong',
      [`two workers, ${KILLS} times kill -9`]: disturbed.split('\n')[0]?.slice(0, 120) ?? '',
    };
  },
};

/** What the verifier says of textbook workers that were killed so often; null if nothing is wrong. */
async function verdictOn({ seed, random }: ChaosContext, kills: number): Promise<string | null> {
  const symbols = evenSymbols(4);
  const system = await startSystem({ settings: { ...openSettings(symbols), strategies: [] } });
  const worker = (): ServiceProcess => system.start('calculation-worker', { CHAOS_ROLE: 'textbook' }, BUNDLE);
  try {
    let workers = Array.from({ length: kills > 0 ? 2 : 1 }, worker);
    const feed = { MOCK_SEED: String(seed), MOCK_SPEED: '10/s', HISTORY_BARS: '10' };
    const ingestion = system.start('ingestion', feed);
    await Promise.all([ingestion, ...workers].map((service) => service.ready()));
    for (let kill = 0; kill < kills; kill++) {
      await delay(300 + random.below(500));
      const victim = random.pick(workers);
      await victim.kill('SIGKILL');
      workers = [...workers.filter((other) => other !== victim), worker()];
    }
    await delay(MILLISECONDS_OF_WORK);
    await ingestion.terminate();
    await allAcknowledged(system);
    const witness = new Witness(system, { read: readForeignStream, keepsRows: () => false });
    return await witness.conclude().then(
      () => null,
      (error: Error) => error.message,
    );
  } finally {
    await system.stop();
  }
}

async function allAcknowledged({ link, partitions }: System): Promise<void> {
  const isDone = async (tag: string): Promise<boolean> => {
    const tail = await link.commands.hget(lastKey(tag), '#');
    const [group] = (await link.commands.xinfo('GROUPS', streamKey('market_data_stream', tag))) as unknown[][];
    const of = (name: string): unknown => group?.[group.indexOf(name) + 1];
    return Number(of('pending')) === 0 && of('last-delivered-id') === `${tail}-0`;
  };
  await until(async () => (await Promise.all(partitionTags(partitions).map(isDone))).every(Boolean), {
    ...{ timeoutMs: 60_000, everyMs: 100 },
    what: 'the textbook worker at the end of its input',
  });
}
