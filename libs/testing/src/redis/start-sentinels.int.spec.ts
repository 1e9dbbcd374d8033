import { ask } from './ask';
import { until } from '../until';
import { startSentinels } from './start-sentinels';

jest.setTimeout(60_000);

describe('startSentinels', () => {
  it('promotes a replica, loses what it is told to lose, and takes the dead one back', async () => {
    const set = await startSentinels();
    try {
      const primary = await set.primary();
      expect(primary).toBe(set.servers[0]);
      await ask(primary, 'SET', 'kept', 1);
      const replicas = set.servers.slice(1);
      const all = async () => (await Promise.all(replicas.map((one) => ask(one, 'GET', 'kept')))).every(Boolean);
      await until(all, { what: 'the value on every replica' });
      const heir = await set.failOver(() => ask(primary, 'SET', 'lost', 1));
      expect(set.servers.slice(1)).toContain(heir);
      expect([await ask(heir, 'GET', 'kept'), await ask(heir, 'GET', 'lost')]).toEqual(['1', null]);
      await set.heal();
      expect(await ask(primary, 'GET', 'kept')).toBe('1');
      expect(await set.primary()).toBe(heir);
    } finally {
      await set.stop();
    }
  });
});
