import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

const TEN_MINUTES_MS = 600_000;

export const clockSkew: Scenario = {
  name: 'clock-skew',
  strikes: 20,
  title: 'the clocks of workers are wrong by ten minutes, either way, while others are killed',
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'wagehood-clock-'));
    const wrong = await Promise.all([TEN_MINUTES_MS, -TEN_MINUTES_MS].map((ms) => wrongClock(folder, ms)));
    const services = { 'calculation-worker': 1, 'strategy-evaluator': 1, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services });
    try {
      for (const environment of wrong) {
        fleet.launch('calculation-worker', environment);
        fleet.launch('strategy-evaluator', environment);
      }
      await fleet.calm();
      const endured = await endure(context, fleet, 10, async () => {
        const victim = fleet.pick('calculation-worker', 'strategy-evaluator');
        await victim.kill('SIGKILL');
        fleet.launch(victim.name, context.random.pick(wrong));
        await delay(500 + context.random.below(2_500));
      });
      return countsOf(endured);
    } finally {
      await fleet.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** An environment in which a process believes that it is so much later. */
async function wrongClock(folder: string, shiftMs: number): Promise<Record<string, string>> {
  const file = join(folder, `${shiftMs}.cjs`);
  const program = `
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...args) { args.length > 0 ? super(...args) : super(Right.now() + ${shiftMs}); }
  static now() { return Right.now() + ${shiftMs}; }
};`;
  await writeFile(file, program);
  return { NODE_OPTIONS: `--require ${file}` };
}
