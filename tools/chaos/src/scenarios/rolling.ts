import type { ServiceName, ServiceProcess } from '@wagehood/fleet';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { percentile } from '../fleet/meter';
import { FAIR_WITHIN_MS, fairAfter, stageOf, TTL_MS, untilFair } from '../fleet/ownership';
import { figuresOf, measure, samples, watchMachine, type Samples } from '../fleet/quiet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

const SERVICES = { ingestion: 2, 'calculation-worker': 2, 'strategy-evaluator': 2, alerting: 2 } as const;
const ORDER = Object.keys(SERVICES) as (keyof typeof SERVICES)[];
/** Nobody's output may pause for longer; and of all pauses, 95 % must be half as long. */
const MOST_PAUSE_MS = 1_000;
const P95_PAUSE_MS = 500;
const SIGNAL_MS = 1_000;
/** A drain that takes longer is broken off, with exit code 1; what is left is rolled back. */
const DRAIN_MS = 4_400;

export const rolling: Scenario = {
  name: 'rolling',
  strikes: 50,
  title: 'SIGTERM of every process in turn, a new one first: hand-offs without a fenced commit',
  async run(context) {
    const fleet = await ChaosFleet.start(context, { services: SERVICES });
    const wasBusy = await watchMachine();
    const [pauses, signals, fair] = [samples(context), samples(context), samples(context)];
    try {
      const endured = await endure(context, fleet, 16, async (n) => {
        const name = ORDER[n % ORDER.length] as ServiceName;
        fleet.meter.takeSignalLatencies();
        await measure('the longest pause of output at a hand-off', MOST_PAUSE_MS, pauses, () =>
          replace(fleet, name, fair),
        );
        await measure('p99 from bar to signal meanwhile', SIGNAL_MS, signals, async () => {
          await fleet.flow(2);
          await fleet.look();
          return percentile(fleet.meter.takeSignalLatencies(), 0.99) || 0;
        });
      });
      const fenced = fencedOf(fleet.crew);
      if (!(await wasBusy())) {
        if (fenced[0]) throw new Error(`${fenced.length} commits were fenced, the first: ${JSON.stringify(fenced[0])}`);
        expectP95(pauses);
      }
      return {
        ...countsOf(endured),
        'partitions lost to another owner': fenced.length,
        ...figuresOf('longest pause of output at a hand-off', pauses),
        ...figuresOf('p99 from bar to signal meanwhile', signals),
        ...figuresOf('fair shares after a change', fair),
      };
    } finally {
      await fleet.stop();
    }
  },
};

/** A new process comes, then an old one goes. @returns the longest pause of any partition's output meanwhile, ms */
async function replace(fleet: ChaosFleet, name: ServiceName, fair: Samples): Promise<number> {
  const old = fleet.running(name)[0];
  const startedAt = Date.now();
  const added = fleet.launch(name);
  if (stageOf[name]) {
    await measure('a fair share', FAIR_WITHIN_MS, fair, () => fairAfter(fleet.system, [name], () => added.ready()));
  }
  await added.ready();
  if (old) await leave(old);
  await untilFair(fleet.system, name);
  const endedAt = Date.now();
  await fleet.flow(2);
  await fleet.look();
  return stageOf[name] === 'calculation' ? (fleet.meter.pausesIn(startedAt, endedAt)[0] ?? 0) : 0;
}

/**
 * A process goes, and nobody takes from it by force what it is still giving away: within its lease, for which what it holds is kept from
 * the others, that needs no machine with time to spare.
 */
async function leave(service: ServiceProcess): Promise<void> {
  const before = fencedOf([service]).length;
  const { code, tookMs } = await service.terminate();
  if (code !== 0 && tookMs < DRAIN_MS)
    throw new Error(`${service.name} ended with ${code} at SIGTERM: ${service.stderr()}`);
  const [fenced] = fencedOf([service]).slice(before);
  if (fenced && tookMs < TTL_MS) throw new Error(`${service.name} was fenced while it left: ${JSON.stringify(fenced)}`);
}

/** None on a machine that has time for everybody's heartbeat. */
const fencedOf = (crew: readonly ServiceProcess[]) =>
  crew.flatMap((service) => service.logged('partition lost to another owner'));

function expectP95({ good }: Samples): void {
  const p95 = percentile(good, 0.95);
  if (p95 > P95_PAUSE_MS) throw new Error(`p95 of the pauses is ${Math.round(p95)} ms, more than ${P95_PAUSE_MS}`);
}
