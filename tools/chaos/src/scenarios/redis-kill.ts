import { setTimeout as delay } from 'node:timers/promises';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { endure, type Endured } from '../fleet/strikes';
import type { ChaosContext, Scenario } from '../scenario';

export const redisKill: Scenario = {
  name: 'redis-kill',
  strikes: 20,
  title: 'kill -9 of Redis and a restart from its file, with AOF everysec and always',
  async run(context) {
    const each = { ...context, strikes: Math.ceil(context.strikes / 2) };
    const everysec = await killing(each, 'everysec');
    const always = await killing(each, 'always');
    return {
      strikes: everysec.strikes + always.strikes,
      'bars, AOF everysec': everysec.verified.bars,
      'bars, AOF always': always.verified.bars,
    };
  },
};

async function killing(context: ChaosContext, fsync: string): Promise<Endured> {
  const services = { 'calculation-worker': 2, 'strategy-evaluator': 1, alerting: 1, ingestion: 1 };
  const fleet = await ChaosFleet.start(context, { services, redisArgs: ['--appendfsync', fsync], losesWrites: true });
  const { redis } = fleet.system;
  try {
    return await endure(context, fleet, 5, async () => {
      await delay(context.random.below(1_000));
      await redis.kill('SIGKILL');
      await delay(context.random.below(1_500));
      await redis.restart();
      await fleet.calm();
      await fleet.flow();
    });
  } finally {
    await fleet.stop();
  }
}
