import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ask, ping, startRedis, until, type TestRedis } from '@wagehood/testing';
import { keepForwarding, type Forward } from './forward';
import { createKubectl } from './kubectl';
import { kubernetesCluster, type KubernetesCluster } from './kubernetes-cluster';
import { overlayFrom } from './overlay';
import { startApi, type TestApi } from './testing/start-api';
import { startKubernetes, type Kubernetes } from './testing/start-kubernetes';

const root = resolve(__dirname, '../../..');
const tools = execFileSync(process.execPath, [join(root, 'tools/setup/kubernetes-tools.mjs')], { encoding: 'utf8' });
const { kubectl: program } = JSON.parse(tools) as { kubectl: string };

// The real kubectl, and a server that answers it as a cluster would.
describe('the words that we say to kubectl', () => {
  let kubernetes: Kubernetes;
  let cluster: KubernetesCluster;
  let redis: TestRedis;
  let api: TestApi;
  let forward: Forward;

  beforeAll(async () => {
    [redis, api] = await Promise.all([startRedis({ port: true }), startApi()]);
    const places = { origins: { 'http://api:8000': api.origin }, ports: { 6379: redis.port ?? 0 } };
    kubernetes = await startKubernetes('elsewhere', places);
    const always = ['--kubeconfig', kubernetes.kubeconfig, '--cache-dir', `${kubernetes.kubeconfig}.cache`];
    const changes = { namespace: 'elsewhere', registry: null, tag: null, redisImage: null };
    const overlay = overlayFrom({ overlay: join(root, 'deploy/kustomize/overlays/dev'), ...changes }, root);
    const openRedis = async (): Promise<string> => {
      const options = { kubectl: { program, always }, namespace: 'elsewhere', target: 'service/redis' };
      forward = await keepForwarding({ ...options, remotePort: 6379 });
      return `redis://127.0.0.1:${forward.port}`;
    };
    const kubectl = createKubectl({ program, always });
    cluster = kubernetesCluster({ kubectl, overlay, namespace: 'elsewhere', openRedis });
  });
  afterAll(async () => {
    forward?.stop();
    await Promise.all([kubernetes?.stop(), redis?.stop(), api?.stop()]);
  });

  const pods = (service: string) =>
    kubernetes.objects
      .list('/api/v1/elsewhere/pods')
      .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === service)
      .map(({ metadata: { name, deletionTimestamp }, status }) => ({
        name,
        leaves: deletionTimestamp !== undefined,
        ready: status?.['conditions'] !== undefined,
      }));
  const quiet = (names: readonly string[]) => names.map((name) => ({ name, leaves: false, ready: true }));

  it('install everything, and wait until all of it is ready', async () => {
    await cluster.install();
    expect(kubernetes.objects.get('/api/v1//namespaces', 'elsewhere')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    for (const service of ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'redis']) {
      expect(pods(service)).toMatchObject([{ ready: true }]);
    }
  }, 60_000);

  it('refuse a namespace that is there already', async () => {
    await expect(cluster.install()).rejects.toThrow('namespace elsewhere is there already');
  });

  it('ask the api from inside, with exec', async () => {
    const symbols = ['A"B', "it's"];
    expect(await cluster.ask('POST', '/watchlist', { symbols })).toEqual({ status: 200, body: { asked: { symbols } } });
    const asked = { method: 'POST', authorization: expect.stringMatching(/^Bearer wh_\w+$/) as unknown };
    expect(api.asked).toContainEqual(expect.objectContaining(asked));
    expect(await cluster.ask('GET', '/nothing')).toMatchObject({ status: 404 });
    api.refuse(true);
    await expect(cluster.ask('GET', '/health')).rejects.toThrow(
      /^kubectl .* e2e-client: fetch failed other side closed\s/,
    );
    api.refuse(false);
  }, 60_000);

  it('read what the client has seen out of its log', async () => {
    await until(async () => (await cluster.seen()).answered > 2, { timeoutMs: 20_000 });
    api.refuse(true);
    await until(async () => (await cluster.seen()).failed > 0, { timeoutMs: 20_000 });
    expect((await cluster.seen()).reason).toContain('fetch failed');
    api.refuse(false);
  }, 60_000);

  it('reach Redis through a forwarded port, again and again', async () => {
    const answers = (port: number) => ping({ host: '127.0.0.1', port }).catch(() => false);
    const port = Number(new URL(cluster.redisUrl).port);
    await until(async () => (await answers(port)) === true, { timeoutMs: 20_000 });
    expect(await ask({ host: '127.0.0.1', port }, 'SET', 'long', 'x'.repeat(300_000))).toBe('OK');
    expect(await ask({ host: '127.0.0.1', port }, 'GET', 'long')).toHaveLength(300_000);
    kubernetes.cutStreams();
    await until(async () => (await answers(port)) === true, { timeoutMs: 20_000 });
    expect(forward.complaint()).toContain('lost connection to pod');
  }, 60_000);

  it('tell what a person would look at', async () => {
    const told = await cluster.explain();
    expect(told).toMatch(/calculation-worker-\d+/);
    expect(told).toMatch(/\[pod\/redis-\d+\/redis\] nothing runs in here/);
  }, 60_000);

  it('wait for replicas that come, and for those that go', async () => {
    await cluster.scale('calculation-worker', 3);
    expect(pods('calculation-worker').filter(({ ready }) => ready)).toHaveLength(3);
    await cluster.scale('ingestion', 0);
    expect(pods('ingestion')).toEqual([]);
  }, 60_000);

  it('replace every replica, and wait until the old ones are gone', async () => {
    const before = pods('calculation-worker').map(({ name }) => name);
    await cluster.roll('calculation-worker');
    const after = pods('calculation-worker').map(({ name }) => name);
    expect(after).toHaveLength(3);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    expect(pods('calculation-worker')).toEqual(quiet(after));
  }, 60_000);

  it('kill a pod, and wait for the one that comes in its place', async () => {
    const [before] = pods('api');
    await cluster.kill('api');
    const [after] = pods('api');
    expect(after).toMatchObject({ ready: true });
    expect(after?.name).not.toBe(before?.name);
    expect(kubernetes.changes).toContain(`DELETE pods/${before?.name}`);
  }, 60_000);

  it('take everything away', async () => {
    await cluster.remove();
    expect(kubernetes.objects.list('/api/v1//namespaces')).toEqual([]);
    expect(kubernetes.objects.list('/apis/apps/v1/elsewhere/deployments')).toEqual([]);
  }, 60_000);
});
