import { until } from '@wagehood/testing';
import { deployment, pod } from '../testing/kubernetes-objects';
import { startKubernetesApi, type KubernetesApi } from '../testing/start-kubernetes-api';
import { connectCluster } from './cluster';
import { createWorkloadWatch, type WorkloadWatch } from './workload-watch';

const SILENCE_MS = 400;

describe('the watch over Deployments and pods', () => {
  let api: KubernetesApi;
  let watch: WorkloadWatch;

  beforeEach(async () => {
    api = await startKubernetesApi();
    api.store.deployments.put(deployment('alerting', 1));
    api.store.pods.put(pod('alerting', 'alerting-1', { restarts: 2 }));
    watch = createWorkloadWatch({
      connect: () => connectCluster(api.access, { silenceMs: SILENCE_MS }),
      minBackoffMs: 5,
      maxBackoffMs: 50,
    });
    watch.start();
  }, 120_000);
  afterEach(async () => {
    await watch.stop();
    await until(() => api.connections() === 0);
    await api.stop();
  });

  const pods = () => watch.view().pods.map(({ name }) => name);
  const isCurrent = () => until(() => watch.view().state === 'current');
  const sees = (...names: string[]) => until(() => watch.view().state === 'current' && pods().join() === names.join());
  const add = (name: string) => api.store.pods.put(pod('alerting', name));
  const lists = () => api.asked.filter((request) => request === 'list pods').length;

  it('lists, then follows every change', async () => {
    await isCurrent();
    expect(watch.view()).toMatchObject({
      namespace: 'wagehood',
      detail: '',
      deployments: [{ name: 'alerting', wanted: 1, ready: 1, rollout: 'complete' }],
      pods: [{ name: 'alerting-1', phase: 'Running', ready: true, restarts: 2, node: 'node-1' }],
    });
    add('alerting-2');
    await sees('alerting-1', 'alerting-2');
    api.store.pods.remove('alerting-1');
    await sees('alerting-2');
    api.store.deployments.put(deployment('alerting', 3, { readyReplicas: 1, availableReplicas: 1 }));
    await until(() => watch.view().deployments[0]?.rollout === 'progressing');
    expect(lists()).toBe(1);
  });

  it.each(['end', 'reset'] as const)('misses nothing when its watches %s', async (how) => {
    await isCurrent();
    for (const name of ['alerting-2', 'alerting-3', 'alerting-4']) {
      api.dropWatches(how);
      add(name);
      await until(() => pods().includes(name));
    }
    await sees('alerting-1', 'alerting-2', 'alerting-3', 'alerting-4');
    await until(() => api.watches() === 2);
  });

  it('goes on from the last bookmark, without a new list', async () => {
    await isCurrent();
    await until(() => api.watches() === 2);
    api.store.pods.compact();
    api.store.deployments.compact();
    api.bookmark();
    api.store.pods.put(pod('alerting', 'alerting-1', { restarts: 3 }));
    await until(() => watch.view().pods[0]?.restarts === 3);
    api.dropWatches('end');
    add('alerting-2');
    await sees('alerting-1', 'alerting-2');
    expect(lists()).toBe(1);
  });

  it('lists anew when the server has forgotten where it stood', async () => {
    await isCurrent();
    await api.pause();
    api.store.pods.remove('alerting-1');
    add('alerting-9');
    api.store.pods.compact();
    await api.resume();
    await sees('alerting-9');
    expect(lists()).toBeGreaterThan(1);
  });

  it('shows what it last saw while the server is away, and since when', async () => {
    await isCurrent();
    await api.pause();
    await until(() => watch.view().state === 'stale' && watch.view().detail.includes('ECONNREFUSED'));
    expect(watch.view()).toMatchObject({ pods: [{ name: 'alerting-1' }], staleSinceMs: expect.any(Number) });
    await api.resume();
    await isCurrent();
    expect(watch.view()).toMatchObject({ staleSinceMs: null, detail: '' });
  });

  it.each([
    [403, /^(pods|deployments): 403 the server says 403/],
    [401, /401/],
    [500, /500/],
  ])('says that it was answered %d, and comes back', async (status, detail) => {
    await isCurrent();
    api.answerWith(status);
    api.dropWatches('reset');
    await until(() => watch.view().state === 'stale' && detail.test(watch.view().detail));
    api.answerWith(null);
    await isCurrent();
  });

  it('gives up on a server that does not answer, and asks again', async () => {
    await isCurrent();
    api.hang(true);
    api.dropWatches('reset');
    await until(() => /no answer in time/.test(watch.view().detail));
    api.hang(false);
    await isCurrent();
    add('alerting-2');
    await sees('alerting-1', 'alerting-2');
  });

  it('asks a watch that says nothing again, and stays current', async () => {
    await isCurrent();
    const watched = () => api.asked.filter((request) => request === 'watch pods').length;
    await until(() => watched() >= 3);
    expect(watch.view().state).toBe('current');
    expect(lists()).toBe(1);
    await until(() => api.watches() <= 2);
  });

  it('lists anew after an event that it does not know', async () => {
    await isCurrent();
    await until(() => api.watches() === 2);
    api.say('{"type":"SURPRISE","object":{}}');
    await until(() => lists() === 2);
    api.say('this is not JSON'); // the client drops such a line
    add('alerting-2');
    await sees('alerting-1', 'alerting-2');
  });

  it('keeps two watches and a handful of connections through a hundred drops, and no more than there is', async () => {
    await isCurrent();
    for (let i = 0; i < 100; i++) {
      const before = api.asked.length;
      api.dropWatches(i % 2 === 0 ? 'end' : 'reset');
      add(`alerting-${i + 2}`);
      api.store.pods.remove(`alerting-${i + 1}`);
      await until(() => api.asked.length > before && api.watches() === 2, { timeoutMs: 5_000 });
      expect(api.connections()).toBeLessThanOrEqual(6);
    }
    await sees('alerting-101');
  }, 60_000);
});

describe('a watch that cannot begin', () => {
  it('says why when there is no account, and goes on trying', async () => {
    const api = await startKubernetesApi();
    const access = { ...api.access, folder: '/nowhere' };
    const watch = createWorkloadWatch({ connect: () => connectCluster(access), minBackoffMs: 5, maxBackoffMs: 20 });
    watch.start();
    await until(() => watch.view().state === 'unavailable');
    expect(watch.view().detail).toBe('no service account: /nowhere/token cannot be read');
    await watch.stop();
    await api.stop();
  });

  it('says so when it may not look, and shows nothing', async () => {
    const api = await startKubernetesApi();
    api.answerWith(403);
    const watch = createWorkloadWatch({ connect: () => connectCluster(api.access), minBackoffMs: 5, maxBackoffMs: 20 });
    watch.start();
    await until(() => watch.view().state === 'unavailable' && /pods: 403/.test(watch.view().detail));
    expect(watch.view()).toMatchObject({ deployments: [], pods: [], namespace: 'wagehood' });
    await watch.stop();
    await api.stop();
  });

  it('trusts no server that the authority of the cluster has not signed', async () => {
    const [api, other] = [await startKubernetesApi(), await startKubernetesApi()];
    const access = { ...api.access, folder: other.access.folder };
    const watch = createWorkloadWatch({ connect: () => connectCluster(access), minBackoffMs: 5, maxBackoffMs: 20 });
    watch.start();
    await until(() => watch.view().state === 'unavailable');
    expect(watch.view().detail).toMatch(/certificate/);
    expect(api.asked).toEqual([]);
    await watch.stop();
    await Promise.all([api.stop(), other.stop()]);
  });
});
