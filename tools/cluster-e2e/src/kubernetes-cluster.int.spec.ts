import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createKubectl } from './kubectl';
import { kubernetesCluster, type KubernetesCluster } from './kubernetes-cluster';
import { startKubernetes, type Kubernetes } from './testing/start-kubernetes';

const root = resolve(__dirname, '../../..');
const tools = execFileSync(process.execPath, [join(root, 'tools/setup/kubernetes-tools.mjs')], { encoding: 'utf8' });
const { kubectl: program } = JSON.parse(tools) as { kubectl: string };

// The real kubectl, and a server that answers it as a cluster would; nothing runs in its pods.
describe('the words that we say to kubectl', () => {
  let kubernetes: Kubernetes;
  let cluster: KubernetesCluster;

  beforeAll(async () => {
    kubernetes = await startKubernetes('wagehood');
    const kubectl = createKubectl(program, [
      '--kubeconfig',
      kubernetes.kubeconfig,
      '--cache-dir',
      `${kubernetes.kubeconfig}.cache`,
    ]);
    const overlay = join(root, 'deploy/kustomize/overlays/dev');
    cluster = kubernetesCluster({ kubectl, overlay, namespace: 'wagehood', redisUrl: 'redis://x' });
  });
  afterAll(() => kubernetes?.stop());

  const pods = (service: string) =>
    kubernetes.objects
      .list('/api/v1/wagehood/pods')
      .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === service)
      .map(({ metadata: { name, deletionTimestamp }, status }) => ({
        name,
        leaves: deletionTimestamp !== undefined,
        ready: status?.['conditions'] !== undefined,
      }));
  const quiet = (names: readonly string[]) => names.map((name) => ({ name, leaves: false, ready: true }));

  it('install everything, and wait until all of it is ready', async () => {
    await cluster.install();
    expect(kubernetes.objects.get('/api/v1//namespaces', 'wagehood')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    for (const service of ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'redis']) {
      expect(pods(service)).toMatchObject([{ ready: true }]);
    }
  }, 60_000);

  it('refuse a namespace that is there already', async () => {
    await expect(cluster.install()).rejects.toThrow('namespace wagehood is there already');
  });

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
    expect(kubernetes.objects.list('/apis/apps/v1/wagehood/deployments')).toEqual([]);
  }, 60_000);
});
