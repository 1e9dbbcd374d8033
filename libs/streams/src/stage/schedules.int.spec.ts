import { startRedis, type TestRedis } from '@wagehood/testing';
import { silentLog } from '../log';
import { append, commit } from '../protocol/scripts';
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

  it.each([
    [
      'the offset compare-and-set',
      commit,
      "if off ~= prev or seq + 1 ~= int(23) then return { 'STALE', off } end",
      100,
    ],
    ['the number of a commit that is sent again', commit, 'off == last and seq == int(23)', 10, 'off == last'],
    ['the token of the last input', commit, "if token ~= ARGV[5] then return { 'ROLLBACK' } end", 150],
    ['the refusal of holes', append, " or previous > last[field] and 'HOLE'", 20],
  ])('find out within a few schedules that %s is missing', async (_, script, guard, within, instead = '') => {
    const mutant = script.source.replace(guard, instead);
    expect(mutant).not.toBe(script.source);
    const mutations = new Map([[script.sha, mutant]]);
    let violation: string | null = null;
    for (let seed = FIRST_SEED; !violation && seed < FIRST_SEED + within; seed++)
      ({ violation } = await runSchedule(link.commands, seed, mutations));
    expect(violation).not.toBeNull();
  });
});
