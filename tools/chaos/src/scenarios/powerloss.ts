import { setTimeout as delay } from 'node:timers/promises';
import { cutPower, sync } from '@wagehood/fleet';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

export const powerloss: Scenario = {
  name: 'powerloss',
  strikes: 50,
  title: 'power cuts: the newest part of the append-only file is lost, at any byte, also inside a transaction',
  async run(context) {
    const services = { 'calculation-worker': 2, 'strategy-evaluator': 1, alerting: 1, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services, losesWrites: true });
    const { random } = context;
    const { redis } = fleet.system;
    let lostBytes = 0;
    let insideTransactions = 0;
    try {
      const endured = await endure(context, fleet, 5, async (n) => {
        const synced = await sync(redis);
        await fleet.flow();
        await delay(random.below(700));
        const cut = await cutPower(redis, synced, random.next(), n % 3 === 0 ? 'inside a transaction' : 'anywhere');
        lostBytes += cut.lostBytes;
        insideTransactions += cut.insideTransaction ? 1 : 0;
        await redis.restart();
        await fleet.calm();
        await fleet.flow();
      });
      return { ...countsOf(endured), 'bytes lost': lostBytes, 'cuts inside a transaction': insideTransactions };
    } finally {
      await fleet.stop();
    }
  },
};
