import { setTimeout as delay } from 'node:timers/promises';
import { startProxy, startRedis, type TestProxy } from '@wagehood/testing';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { ChaosContext, Figures, Scenario } from '../scenario';

const SERVICES = { 'calculation-worker': 2, 'strategy-evaluator': 2, alerting: 1, ingestion: 1 };

export const connCut: Scenario = {
  name: 'conn-cut',
  strikes: 1_000,
  title: 'every connection between services and Redis is reset, over a network that is now and then slow',
  run: (context) =>
    behindProxy(context, 100, async (proxy) => {
      if (context.random.chance(0.1)) proxy.suffer({ latencyMs: context.random.below(40) });
      if (context.random.chance(0.1)) proxy.heal();
      proxy.cut();
      await delay(context.random.below(200));
    }),
};

export const blackHole: Scenario = {
  name: 'black-hole',
  strikes: 3,
  title: 'nothing passes between services and Redis for 10 s, and no connection is closed',
  run: (context) =>
    behindProxy(context, 1, async (proxy, fleet) => {
      proxy.suffer({ requests: 'hold', replies: 'hold' });
      await delay(10_000);
      proxy.heal();
      await fleet.calm();
      await fleet.flow();
    }),
};

export const replyDrop: Scenario = {
  name: 'reply-drop',
  strikes: 50,
  title: 'Redis does what it is told and nobody hears of it, then the connections are reset',
  run: (context) =>
    behindProxy(context, 10, async (proxy, fleet) => {
      proxy.suffer({ replies: 'drop' });
      await delay(50 + context.random.below(1_000));
      proxy.heal();
      await delay(context.random.below(1_000));
      if (context.random.chance(0.3)) await fleet.flow();
    }),
};

/** A fleet whose services reach Redis through a proxy; we look at it past the proxy. */
async function behindProxy(
  context: ChaosContext,
  verifyEvery: number,
  strike: (proxy: TestProxy, fleet: ChaosFleet) => Promise<void>,
): Promise<Figures> {
  const redis = await startRedis({ port: true, args: ['--appendonly', 'yes'] });
  const proxy = await startProxy({ host: '127.0.0.1', port: redis.port ?? 0 });
  const backend = {
    environment: () => ({ REDIS_URL: proxy.url }),
    settings: { url: redis.url, host: '', port: 0 },
    stop: () => Promise.all([proxy.stop(), redis.stop()]),
  };
  const fleet = await ChaosFleet.start(context, { services: SERVICES, backend });
  try {
    const endured = await endure(
      context,
      fleet,
      verifyEvery,
      () => strike(proxy, fleet),
      () => proxy.heal(),
    );
    return countsOf(endured);
  } finally {
    proxy.heal();
    await fleet.stop();
  }
}
