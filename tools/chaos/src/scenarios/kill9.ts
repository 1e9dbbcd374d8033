import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@wagehood/fleet';
import { ChaosFleet, type FleetPlan } from '../fleet/chaos-fleet';
import { FAIR_WITHIN_MS, fairAfter, TTL_MS, untilFair } from '../fleet/ownership';
import { figuresOf, measure, samples } from '../fleet/quiet';
import { countsOf, endure } from '../fleet/strikes';
import type { ChaosContext, Figures, Scenario } from '../scenario';

const VICTIMS: Readonly<Partial<Record<ServiceName, number>>> = {
  'calculation-worker': 6,
  'strategy-evaluator': 3,
  ingestion: 2,
  alerting: 1,
};
const TAKEOVER_MS = TTL_MS + 1_000;

export const kill9: Scenario = {
  name: 'kill9',
  strikes: 200,
  title: 'kill -9 of every kind of service in mid-stream, also while others take over',
  run: (context) => killing(context, { partitions: 16 }, 10),
};

export const manyPartitions: Scenario = {
  name: 'many-partitions',
  strikes: 20,
  title: 'the same with 64 partitions: takeovers and fair shares take no longer',
  run: (context) => killing(context, { partitions: 64 }, 4),
};

export const corrections: Scenario = {
  name: 'corrections',
  strikes: 40,
  title: 'the same while the provider takes back one of a thousand bars',
  async run(context) {
    const environment = { ingestion: { MOCK_CORRECTIONS: '1000' } };
    const figures = await killing(context, { environment }, 10);
    if (!figures['corrections']) throw new Error('nothing was corrected');
    return figures;
  },
};

/** Every `measureEvery` kills nobody takes the place of the dead, and the takeover by those who are left is measured. */
async function killing(
  context: ChaosContext,
  plan: Omit<FleetPlan, 'services'>,
  measureEvery: number,
): Promise<Figures> {
  const services = { 'calculation-worker': 3, 'strategy-evaluator': 2, alerting: 1, ingestion: 1 };
  const fleet = await ChaosFleet.start(context, { ...plan, services });
  const takeovers = samples(context);
  const fair = samples(context);
  try {
    const endured = await endure(context, fleet, 25, async (n) => {
      if (n % measureEvery !== 1) return killOne(context, fleet);
      await measure('the takeover of a dead worker', TAKEOVER_MS, takeovers, () => takeoverOf(fleet));
      await measure('a fair share for a new worker', FAIR_WITHIN_MS, fair, () => newcomer(fleet));
    });
    return {
      ...countsOf(endured),
      ...figuresOf('takeover of a dead worker', takeovers),
      ...figuresOf('fair shares after a change', fair),
    };
  } finally {
    await fleet.stop();
  }
}

async function killOne({ random }: ChaosContext, fleet: ChaosFleet): Promise<void> {
  const victim = fleet.pick(random.weighted(VICTIMS as Record<ServiceName, number>));
  await victim.kill('SIGKILL');
  fleet.launch(victim.name);
  await delay(50 + random.below(1_200));
}

/** Kills a worker at its work, leaves its place empty and measures for how long any partition went without output. */
async function takeoverOf(fleet: ChaosFleet): Promise<number> {
  if (fleet.running('calculation-worker').length < 3) fleet.launch('calculation-worker');
  await fleet.calm();
  await fleet.flow();
  const killedAt = Date.now();
  await fleet.pick('calculation-worker').kill('SIGKILL');
  await untilFair(fleet.system, 'calculation-worker');
  await fleet.flow();
  await fleet.look();
  return fleet.meter.pausesIn(killedAt, killedAt + 1_000)[0] ?? 0;
}

/** Takes one more in: from its very start until everybody has a fair share. */
async function newcomer(fleet: ChaosFleet): Promise<number> {
  const victims = fleet.running('calculation-worker');
  if (victims.length > 2) await victims.at(-1)?.terminate();
  const start = () => fleet.launch('calculation-worker').ready();
  return fairAfter(fleet.system, ['calculation-worker'], start);
}
