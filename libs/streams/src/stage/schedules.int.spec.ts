import { startRedis, type TestRedis } from '@wagehood/testing';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { runSchedule } from '../testing/schedules/run-schedule';

/** One seed alone, to look at a failure: SCHEDULE_SEED=n. How many otherwise: SCHEDULES=n. */
const only = process.env['SCHEDULE_SEED'];
const schedules = Number(process.env['SCHEDULES'] ?? 300);
const FIRST_SEED = 1;

jest.setTimeout(120_000 + 100 * schedules);

describe('random schedules of the protocol', () => {
  let redis: TestRedis;
  let link: RedisLink;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'schedules', log: silentLog });
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });

  const seeds = only ? [Number(only)] : Array.from({ length: schedules }, (_, i) => FIRST_SEED + i);

  it(`${seeds.length} of them, with takeovers, zombies, lost replies and rollbacks: each bar once and in order`, async () => {
    const wrong: string[] = [];
    let [takeOvers, rollBacks] = [0, 0];
    for (const seed of seeds) {
      const outcome = await runSchedule(link.commands, seed);
      takeOvers += outcome.takeOvers;
      rollBacks += outcome.rollBacks;
      if (outcome.violation) wrong.push(`SCHEDULE_SEED=${seed}: ${outcome.violation}`);
      if (wrong.length >= 5) break;
    }
    expect(wrong).toEqual([]);
    if (!only) expect(Math.min(takeOvers, rollBacks)).toBeGreaterThan(seeds.length);
  });
});
