import { ChaosFleet } from '../fleet/chaos-fleet';
import { FAIR_WITHIN_MS, fairAfter } from '../fleet/ownership';
import { figuresOf, measure, samples } from '../fleet/quiet';
import type { Scenario } from '../scenario';

const SIZES = [1, 2, 4, 6, 3, 1];

export const scale: Scenario = {
  name: `scale-${SIZES.join('-')}`,
  strikes: null,
  title: 'workers and evaluators come and go in mid-stream: fair shares within 5 s, no partition pauses for long',
  async run(context) {
    const services = { 'calculation-worker': 1, 'strategy-evaluator': 1, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services });
    const [fair, pauses] = [samples(context), samples(context)];
    try {
      for (const size of SIZES.slice(1)) {
        const startedAt = Date.now();
        await measure(`a fair share for ${size} workers`, FAIR_WITHIN_MS, fair, () =>
          fairAfter(fleet.system, ['calculation-worker', 'strategy-evaluator'], async () => {
            await resize(fleet, 'calculation-worker', size);
            await resize(fleet, 'strategy-evaluator', Math.ceil(size / 2));
          }),
        );
        const endedAt = Date.now();
        await measure('a pause of output', 1_000, pauses, async () => {
          await fleet.flow(2);
          await fleet.look();
          return fleet.meter.pausesIn(startedAt, endedAt)[0] ?? 0;
        });
        context.say(`${size} workers`);
      }
      const { bars, events, signals } = await fleet.verify();
      return {
        ...{ bars, events, signals },
        ...figuresOf('fair shares after a change', fair),
        ...figuresOf('longest pause of output at a change', pauses),
      };
    } finally {
      await fleet.stop();
    }
  },
};

async function resize(fleet: ChaosFleet, name: 'calculation-worker' | 'strategy-evaluator', size: number) {
  const present = fleet.running(name);
  const added = Array.from({ length: Math.max(0, size - present.length) }, () => fleet.launch(name));
  await Promise.all(added.map((service) => service.ready()));
  await Promise.all(present.slice(size).map((service) => service.terminate()));
}
