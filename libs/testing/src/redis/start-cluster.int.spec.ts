import { until } from '../until';
import { ask } from './ask';
import { startCluster, type ClusterNode, type TestCluster } from './start-cluster';

jest.setTimeout(60_000);

const SLOT_OF_A = 15_495;

describe('startCluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());

  it('serves every slot with three masters, each with a replica', async () => {
    const masters = await cluster.masters();
    expect(masters).toEqual(cluster.nodes.slice(0, 3));
    expect(await cluster.ownerOf(0)).toBe(masters[0]);
    expect(await cluster.ownerOf(SLOT_OF_A)).toBe(masters[2]);
    expect(cluster.seeds.split(',')).toHaveLength(6);
  });

  it('moves a slot with its keys, torn in between', async () => {
    const [first, , last] = (await cluster.masters()) as [ClusterNode, ClusterNode, ClusterNode];
    for (const key of ['{a}1', '{a}2', '{a}3']) await ask(last, 'SET', key, key);
    const moved = cluster.moveSlot(SLOT_OF_A, first, 20);
    await until(
      async () =>
        /^ASK/.test(
          await ask<string>(last, 'GET', '{a}1')
            .catch(String)
            .then((s) => s.slice(7)),
        ) || null,
    );
    await moved;
    expect(await cluster.ownerOf(SLOT_OF_A)).toBe(first);
    expect(await ask(first, 'GET', '{a}3')).toBe('{a}3');
  });

  it('survives a master, loses what it is told to lose, and takes the dead one back', async () => {
    const slotOfB = 3_300;
    const dying = await cluster.ownerOf(slotOfB);
    await ask(dying, 'SET', '{b}kept', 1);
    await ask(dying, 'WAIT', 1, 1_000);
    const heir = await cluster.failOver(dying, () => ask(dying, 'SET', '{b}lost', 1));
    expect(await cluster.ownerOf(slotOfB)).toBe(heir);
    expect([await ask(heir, 'GET', '{b}kept'), await ask(heir, 'GET', '{b}lost')]).toEqual(['1', null]);
    await cluster.revive(dying);
    expect(await cluster.masters()).toContain(heir);
    expect(await cluster.masters()).not.toContain(dying);
  });
});
