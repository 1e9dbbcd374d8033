import { CLIENT } from './client-pod';
import type { Kubectl } from './kubectl';
import { kubernetesCluster } from './kubernetes-cluster';

/** Answers by the first words that match; everything else succeeds without a word. */
function recorder(answers: Readonly<Record<string, string | (() => string)>> = {}) {
  const calls: string[] = [];
  const inputs: Record<string, unknown>[] = [];
  const kubectl: Kubectl = async (words, input) => {
    const line = words.join(' ').replace('--namespace test ', '');
    calls.push(line);
    if (input !== undefined) inputs.push(JSON.parse(input) as Record<string, unknown>);
    const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? '';
    return typeof answer === 'function' ? answer() : answer;
  };
  const cluster = kubernetesCluster({ kubectl, overlay: 'dev', namespace: 'test', openRedis: async () => 'redis://x' });
  return { calls, inputs, cluster };
}

const PODS = { 'get pods': 'pod/api-1\npod/api-2\n' };

describe('a cluster by kubectl', () => {
  it('is installed: namespace, key, overlay, and everything is awaited', async () => {
    const { calls, inputs, cluster } = recorder({ 'get deployment/api': 'wagehood/api:1.2.3' });
    await cluster.install();
    expect(calls).toContain('apply --kustomize dev');
    for (const service of ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting']) {
      expect(calls).toContain(`rollout status deployment/${service} --timeout=300s`);
    }
    expect(calls.at(-1)).toBe(`wait --for=condition=Ready --timeout=300s pod/${CLIENT}`);
    expect(cluster.redisUrl).toBe('redis://x');
    expect(inputs).toMatchObject([
      { kind: 'Namespace' },
      { kind: 'Secret', stringData: { API_ADMIN_KEY: expect.stringMatching(/^wh_[0-9a-f]{12}_[0-9a-f]{64}$/) } },
      { kind: 'NetworkPolicy', metadata: { name: CLIENT }, spec: { policyTypes: ['Egress'] } },
      { kind: 'Pod', spec: { containers: [{ image: 'wagehood/api:1.2.3' }] } },
    ]);
  });

  it('leaves a namespace alone that was there before', async () => {
    const { calls, cluster } = recorder({ 'get namespace': 'namespace/test' });
    await expect(cluster.install()).rejects.toThrow('namespace test is there already');
    await cluster.remove();
    expect(calls).toEqual(['get namespace test --ignore-not-found --output name']);
  });

  it('waits for what it began', async () => {
    const { calls, cluster } = recorder(PODS);
    await cluster.scale('api', 3);
    await cluster.scale('api', 0);
    await cluster.roll('api');
    expect(calls.filter((call) => !call.startsWith('get pods'))).toEqual([
      'scale deployment/api --replicas=3',
      'rollout status deployment/api --timeout=300s',
      'scale deployment/api --replicas=0',
      'rollout status deployment/api --timeout=300s',
      'wait --for=delete --timeout=300s pod/api-1 pod/api-2',
      'rollout restart deployment/api',
      'rollout status deployment/api --timeout=300s',
      'wait --for=delete --timeout=300s pod/api-1 pod/api-2',
    ]);
  });

  it('has killed a pod when another one is ready in its place, whatever the Deployment says', async () => {
    let looks = 0;
    const { calls, cluster } = recorder({
      'get pods': () => (++looks < 4 ? 'pod/api-1\npod/api-2\n' : 'pod/api-2\npod/api-3\n'),
    });
    await cluster.kill('api');
    expect(calls.filter((call) => !call.startsWith('get pods'))).toEqual([
      'delete pod/api-1 --grace-period=0 --force',
      'wait --for=condition=Ready --timeout=300s pod/api-3',
    ]);
    await expect(recorder().cluster.kill('api')).rejects.toThrow('there is no pod of api to kill');
  });

  it('explains what a person would look at, as far as it can be had', async () => {
    const { cluster } = recorder({
      'get deployments,statefulsets,persistentvolumeclaims,pods': 'pod/api-1  0/1  ImagePullBackOff',
      'get pods --output jsonpath': 'api-2\n',
      'logs api-2 --previous': 'out of memory',
      logs: () => {
        throw new Error('container is waiting to start');
      },
    });
    expect(await cluster.explain()).toMatch(/ImagePullBackOff[\s\S]*container is waiting to start[\s\S]*out of memory/);
  });

  it('asks the api from inside', async () => {
    const { calls, cluster } = recorder({
      exec: '{"status":200,"body":{"a":1}}\n',
      logs: 'x\n{"answered":7,"failed":1}\n',
    });
    expect(await cluster.ask('POST', '/watchlist', { symbols: ['A'] })).toEqual({ status: 200, body: { a: 1 } });
    expect(calls[0]).toMatch(/^exec e2e-client -- node -e [\s\S]* POST \/watchlist wh_\w+ \{"symbols":\["A"\]\}$/);
    expect(await cluster.seen()).toMatchObject({ answered: 7, failed: 1 });
  });
});
