import { setTimeout as delay } from 'node:timers/promises';
import { cutPower, sync } from '@wagehood/fleet';
import { startProxy, startRedis, type TestProxy, type TestRedis } from '@wagehood/testing';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { ChaosContext, Scenario } from '../scenario';

const WEIGHTS = { kill: 6, terminate: 3, stop: 3, cut: 4, hold: 2, drop: 2, killRedis: 2, cutPower: 2 };
const WORKERS = ['calculation-worker', 'strategy-evaluator', 'alerting'] as const;

interface Scene {
  readonly context: ChaosContext;
  readonly fleet: ChaosFleet;
  readonly proxy: TestProxy;
  readonly redis: TestRedis;
}

export const mixed: Scenario = {
  name: 'mixed',
  strikes: 200,
  title: 'everything at once: deaths, hand-offs, zombies, a bad network, Redis killed, power cuts',
  async run(context) {
    const args = ['--appendonly', 'yes', '--auto-aof-rewrite-percentage', '0'];
    const redis = await startRedis({ port: true, args });
    const proxy = await startProxy({ host: '127.0.0.1', port: redis.port ?? 0 });
    const backend = {
      environment: () => ({ REDIS_URL: proxy.url }),
      settings: { url: redis.url, host: '', port: 0 },
      stop: () => Promise.all([proxy.stop(), redis.stop()]),
    };
    const services = { 'calculation-worker': 3, 'strategy-evaluator': 2, alerting: 1, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services, backend, losesWrites: true });
    const scene: Scene = { context, fleet, proxy, redis };
    const struck = new Map<string, number>();
    try {
      const heal = (): void => proxy.heal();
      const strike = async (): Promise<void> => {
        const fault = context.random.weighted(WEIGHTS);
        struck.set(fault, (struck.get(fault) ?? 0) + 1);
        await faults[fault](scene);
        await delay(context.random.below(800));
        if (context.random.chance(0.3)) await calmDown(scene);
      };
      const endured = await endure(context, fleet, 8, strike, heal);
      return { ...countsOf(endured), ...Object.fromEntries(struck) };
    } finally {
      proxy.heal();
      await fleet.stop();
    }
  },
};

async function calmDown({ fleet, proxy }: Scene): Promise<void> {
  proxy.heal();
  await fleet.calm();
  await fleet.flow();
}

const faults: Readonly<Record<keyof typeof WEIGHTS, (scene: Scene) => Promise<void>>> = {
  async kill({ fleet }) {
    const victim = fleet.pick(...WORKERS, 'ingestion');
    await victim.kill('SIGKILL');
    fleet.launch(victim.name);
  },
  async terminate({ fleet }) {
    const victim = fleet.pick(...WORKERS);
    fleet.launch(victim.name);
    await victim.terminate();
  },
  async stop({ fleet, context }) {
    const { pid } = fleet.pick('calculation-worker', 'strategy-evaluator');
    process.kill(pid, 'SIGSTOP');
    await delay(2_200 + context.random.below(1_500));
    process.kill(pid, 'SIGCONT');
  },
  async cut({ proxy }) {
    proxy.cut();
  },
  async hold({ proxy, context }) {
    proxy.suffer({ requests: 'hold', replies: 'hold' });
    await delay(context.random.below(4_000));
    proxy.heal();
  },
  async drop({ proxy, context }) {
    proxy.suffer({ replies: 'drop' });
    await delay(context.random.below(1_000));
    proxy.heal();
  },
  async killRedis({ redis }) {
    await redis.kill('SIGKILL');
    await redis.restart();
  },
  async cutPower({ redis, context }) {
    const synced = await sync(redis);
    await delay(500 + context.random.below(1_000));
    await cutPower(redis, synced, context.random.next());
    await redis.restart();
  },
};
