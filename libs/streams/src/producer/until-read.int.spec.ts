import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { lastKey, stageKey } from '../layout/keys';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { untilRead } from './until-read';

const TAG = 't';

describe('waiting until a log has been read', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let isWanted: boolean;
  let done: boolean;
  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'until-read', log: silentLog });
  });
  afterAll(async () => {
    await link.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await link.commands.flushall();
    [isWanted, done] = [true, false];
    await log(7);
    await stage('calculation', { off: 5, out: 3 });
    await stage('strategy', { off: 3 });
  });

  const log = (tail: number) => link.commands.hset(lastKey(TAG), '#', tail);
  const stage = (name: 'calculation' | 'strategy', fields: object) => link.commands.hset(stageKey(name, TAG), fields);
  const begin = async (): Promise<void> => {
    const asked = await asks();
    void untilRead(link.commands, TAG, () => isWanted).then(() => (done = true));
    await until(async () => (await asks()) >= asked + 4);
  };
  /** How often somebody has asked where a stage stands. */
  const asks = async (): Promise<number> =>
    Number(/cmdstat_hmget:calls=(\d+)/.exec(await link.commands.info('commandstats'))?.[1] ?? 0);
  const untilAskedAgain = async (): Promise<void> => {
    const asked = await asks();
    await until(async () => (await asks()) >= asked + 2);
  };

  it('is over when calculation has read what was there, and evaluation what came of it', async () => {
    await begin();
    expect(done).toBe(false);
    await log(9); // came later
    await stage('calculation', { off: 7, out: 6 });
    await untilAskedAgain();
    expect(done).toBe(false);
    await stage('strategy', { off: 6 });
    await until(async () => done);
  });

  it('does not wait for a stage that is switched off', async () => {
    await stage('calculation', { off: 7 });
    await stage('strategy', { off: 0, idle: 1 });
    await untilRead(link.commands, TAG, () => true);
  });

  it('is over when nobody wants to know any more', async () => {
    await begin();
    isWanted = false;
    await until(async () => done);
  });

  it('is over when the log is shorter than it was: what was waited for is gone', async () => {
    await begin();
    await log(2);
    await stage('calculation', { off: 1 });
    await until(async () => done);
  });

  it('is over when Redis does not answer: whoever writes next is told why', async () => {
    await link.commands.set(lastKey(TAG), 'no hash');
    await untilRead(link.commands, TAG, () => true);
  });
});
