import { connectRedis, silentLog } from '@wagehood/streams';
import { runSchedule } from '@wagehood/streams/testing';
import { startRedis } from '@wagehood/testing';
import type { Scenario } from '../scenario';

const TELL_EVERY = 1_000;

export const schedules: Scenario = {
  name: 'schedules',
  strikes: 10_000,
  title: 'random schedules of the real scripts: three workers, takeovers, zombies, thefts, lost replies, rollbacks',
  async run({ seed, strikes, hasTime, say }) {
    const redis = await startRedis();
    const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'schedules', log: silentLog });
    const total = { schedules: 0, takeovers: 0, rollbacks: 0 };
    try {
      for (let at = seed; at < seed + strikes && hasTime(); at++) {
        const { violation, takeOvers, rollBacks } = await runSchedule(link.commands, at);
        if (violation) {
          throw new Error(`${violation}\nalone: npm run chaos -- --scenario schedules-1 --seed ${at}`);
        }
        total.schedules++;
        total.takeovers += takeOvers;
        total.rollbacks += rollBacks;
        if (total.schedules % TELL_EVERY === 0) say(`${total.schedules} of ${strikes} schedules, none wrong`);
      }
      return total;
    } finally {
      await link.close();
      await redis.stop();
    }
  },
};
