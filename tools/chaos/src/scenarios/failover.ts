import { setTimeout as delay } from 'node:timers/promises';
import { startCluster, startSentinels } from '@wagehood/testing';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

const SERVICES = { 'calculation-worker': 2, 'strategy-evaluator': 1, alerting: 1, ingestion: 1 };

export const failoverLossy: Scenario = {
  name: 'failover-lossy',
  strikes: 30,
  title: 'Sentinel promotes a replica that has not got the newest writes, although they had been confirmed',
  async run(context) {
    const sentinels = await startSentinels({ replicas: 1 });
    const [host, port] = (sentinels.addresses.split(',')[0] ?? '').split(':');
    const backend = {
      environment: () => ({ REDIS_SENTINELS: sentinels.addresses, REDIS_SENTINEL_NAME: sentinels.name }),
      settings: {
        sentinels: [{ host: host ?? '', port: Number(port) }],
        sentinelName: sentinels.name,
        host: '',
        port: 0,
      },
      stop: () => sentinels.stop(),
    };
    const fleet = await ChaosFleet.start(context, { services: SERVICES, backend, losesWrites: true });
    try {
      let primary = await sentinels.primary();
      const endured = await endure(context, fleet, 3, async () => {
        // One that nobody ordered may take back what has been verified, and the verifier would call that a loss.
        if ((await sentinels.primary()) !== primary)
          throw new Error('Sentinel has failed over by itself: this machine is too busy to judge on');
        primary = await sentinels.failOver(async () => {
          await fleet.flow();
          await delay(context.random.below(800));
        });
        await sentinels.heal();
        await fleet.calm();
        await fleet.flow();
      });
      return countsOf(endured);
    } finally {
      await fleet.stop();
    }
  },
};

export const cluster: Scenario = {
  name: 'cluster-6',
  strikes: 20,
  title: 'a cluster of 3 masters and 3 replicas: masters are killed, and slots move while bars flow',
  async run(context) {
    const nodes = await startCluster();
    const { random } = context;
    const seeds = nodes.seeds.split(',').map((seed) => seed.split(':') as [string, string]);
    const backend = {
      environment: () => ({ REDIS_CLUSTER_NODES: nodes.seeds }),
      settings: { cluster: seeds.map(([host, port]) => ({ host, port: Number(port) })), host: '', port: 0 },
      stop: () => nodes.stop(),
    };
    const fleet = await ChaosFleet.start(context, { services: SERVICES, backend, losesWrites: true });
    let moves = 0;
    try {
      const endured = await endure(context, fleet, 2, async (n) => {
        if (n % 2 === 0) {
          const slot = random.pick(await fleet.slots());
          const owner = await nodes.ownerOf(slot);
          await nodes.moveSlot(slot, random.pick((await nodes.masters()).filter((node) => node !== owner)), 200);
          moves++;
        }
        const dying = random.pick(await nodes.masters());
        await nodes.failOver(dying);
        await nodes.revive(dying);
        await fleet.calm();
        await fleet.flow();
      });
      return { ...countsOf(endured), 'slots moved': moves };
    } finally {
      await fleet.stop();
    }
  },
};
