import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@wagehood/testing';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

/** Longer than the lease of 2 s, so that others have taken over. */
const SHORTEST_SLEEP_MS = 2_200;

export const zombie: Scenario = {
  name: 'zombie',
  strikes: 50,
  title: 'SIGSTOP for longer than the lease, SIGCONT: who comes back believes that it still owns its partitions',
  async run(context) {
    const services = { 'calculation-worker': 3, 'strategy-evaluator': 2, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services });
    try {
      const endured = await endure(context, fleet, 5, async () => {
        const sleepers = [fleet.pick('calculation-worker'), fleet.pick('strategy-evaluator')];
        for (const { pid } of sleepers) process.kill(pid, 'SIGSTOP');
        await delay(SHORTEST_SLEEP_MS + context.random.below(2_000));
        for (const { pid } of sleepers) process.kill(pid, 'SIGCONT');
        await until(() => sleepers.some((service) => service.logged('partition lost to another owner').length > 0), {
          ...{ timeoutMs: 30_000, everyMs: 25 },
          what: 'a zombie that learns what it has lost',
        });
        await fleet.calm();
        await fleet.flow();
      });
      const fenced = fleet.crew.flatMap((service) => service.logged('partition lost to another owner')).length;
      return { ...countsOf(endured), 'partitions taken from zombies': fenced };
    } finally {
      await fleet.stop();
    }
  },
};
