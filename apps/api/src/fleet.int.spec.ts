import { statsResponse, type FleetService, type FleetView } from '@wagehood/contracts';
import { deployment, pod, startKubernetesApi, type KubernetesApi } from '@wagehood/inventory/testing';
import { connectRedis, createMembership, silentLog, type Membership, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { runApi, type RunningApi } from './testing/run-api';

describe('the fleet in /stats, joined with Kubernetes', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let kubernetes: KubernetesApi;
  let member: Membership;
  let api: RunningApi;

  beforeAll(async () => {
    [redis, kubernetes] = await Promise.all([startRedis(), startKubernetesApi()]);
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    member = createMembership({
      ...{ link, log: silentLog, stage: 'ingestion', id: 'ingestion-a/1', onLive: () => undefined },
      ttlMs: 5_000,
      heartbeatMs: 500,
    });
    await member.start();
    kubernetes.store.deployments.put(deployment('ingestion', 2, { readyReplicas: 1, availableReplicas: 1 }));
    kubernetes.store.pods.put(pod('ingestion', 'ingestion-a', { restarts: 1 }));
    kubernetes.store.pods.put(
      pod('ingestion', 'ingestion-b', { ready: false, restarts: 4, waiting: 'CrashLoopBackOff' }),
    );
    const { host, port, folder } = kubernetes.access;
    const environment = {
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: String(port),
      KUBERNETES_ACCOUNT: folder,
    };
    api = await runApi(redis.url, { environment });
  }, 120_000);

  afterAll(async () => {
    await api.stop();
    await member.stop();
    await link.close();
    await Promise.all([redis.stop(), kubernetes.stop()]);
  });

  const fleet = async (): Promise<FleetView> => {
    const { fleet: view } = statsResponse.parse(await (await fetch(`${api.base}/stats`)).json());
    if (!view) throw new Error('there is no fleet');
    return view;
  };
  const ingestion = (view: FleetView) => view.services.find(({ name }) => name === 'ingestion') as FleetService;

  it('shows each process with its pod, and pods that have no process', async () => {
    await until(async () => (await fleet()).kubernetes.state === 'current', { timeoutMs: 30_000 });
    expect(ingestion(await fleet())).toMatchObject({
      owned: 4,
      restarts: 5,
      deployment: { wanted: 2, ready: 1, rollout: 'progressing' },
      processes: [
        { id: 'ingestion-a/1', partitions: [0, 1, 2, 3], pod: { phase: 'Running', ready: true, restarts: 1 } },
        { id: null, host: 'ingestion-b', partitions: [], pod: { phase: 'CrashLoopBackOff', ready: false } },
      ],
    });
  }, 60_000);

  it('says why it does not know more, and stays ready', async () => {
    kubernetes.answerWith(403);
    kubernetes.dropWatches('reset');
    await until(async () => /403/.test((await fleet()).kubernetes.detail));
    expect(await fleet()).toMatchObject({ kubernetes: { state: 'stale', staleSince: expect.any(String) } });
    expect(
      await Promise.all(['http', 'configuration', 'redis'].map((name) => api.part(name).ready?.())),
    ).not.toContainEqual(expect.objectContaining({ ok: false }));
    expect(ingestion(await fleet()).processes[0]?.id).toBe('ingestion-a/1');
  });
});
