import { randomBytes } from 'node:crypto';
import { askWords, CLIENT, clientPod, readAnswer, readSeen } from './client-pod';
import { SERVICES, type Cluster, type Service } from './cluster';
import type { Kubectl } from './kubectl';

export interface KubernetesOptions {
  readonly kubectl: Kubectl;
  /** Folder of the overlay. */
  readonly overlay: string;
  readonly namespace: string;
  readonly redisUrl: string;
}

const WAIT = '--timeout=300s';

/** Six calls of kubectl; nothing here knows what is inside the pods. */
export function kubernetesCluster({ kubectl, overlay, namespace, redisUrl }: KubernetesOptions): Cluster {
  const key = `wh_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('hex')}`;
  const here = (...words: string[]) => kubectl(['--namespace', namespace, ...words]);
  const rolledOut = (service: Service) => here('rollout', 'status', `deployment/${service}`, WAIT);
  const podsOf = async (service: Service): Promise<string[]> => {
    const running = ['--field-selector', 'status.phase=Running', '--output', 'name'];
    const names = await here('get', 'pods', '--selector', `app.kubernetes.io/name=${service}`, ...running);
    return names
      .trim()
      .split('\n')
      .filter((name) => name !== '');
  };
  let installed = false;
  const gone = (pods: readonly string[]) => here('wait', '--for=delete', WAIT, ...pods);

  const installClient = async (): Promise<void> => {
    const image = await here('get', 'deployment/api', '--output', 'jsonpath={.spec.template.spec.containers[0].image}');
    await kubectl(['apply', '--filename', '-'], JSON.stringify(clientPod(namespace, image.trim())));
    await here('wait', '--for=condition=Ready', WAIT, `pod/${CLIENT}`);
  };

  return {
    redisUrl,
    async install() {
      if ((await kubectl(['get', 'namespace', namespace, '--ignore-not-found', '--output', 'name'])).trim() !== '') {
        throw new Error(`namespace ${namespace} is there already; this installs and removes it, so it must be its own`);
      }
      installed = true;
      const secret = { name: 'api-admin-key', namespace };
      const namespaces = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      await kubectl(['apply', '--filename', '-'], JSON.stringify(namespaces));
      const admin = { apiVersion: 'v1', kind: 'Secret', metadata: secret, stringData: { API_ADMIN_KEY: key } };
      await kubectl(['apply', '--filename', '-'], JSON.stringify(admin));
      await kubectl(['apply', '--kustomize', overlay]);
      await here('rollout', 'status', 'statefulset/redis', WAIT);
      for (const service of SERVICES) await rolledOut(service);
      await installClient();
    },
    async remove() {
      if (!installed) return;
      await kubectl(['delete', '--kustomize', overlay, '--ignore-not-found', WAIT]);
    },
    async scale(service, replicas) {
      const before = await podsOf(service);
      await here('scale', `deployment/${service}`, `--replicas=${replicas}`);
      await rolledOut(service);
      if (replicas === 0 && before.length > 0) await gone(before);
    },
    async roll(service) {
      const before = await podsOf(service);
      await here('rollout', 'restart', `deployment/${service}`);
      await rolledOut(service);
      if (before.length > 0) await gone(before);
    },
    async kill(service) {
      const [pod] = await podsOf(service);
      if (!pod) throw new Error(`there is no pod of ${service} to kill`);
      await here('delete', pod, '--grace-period=0', '--force');
      await rolledOut(service);
    },
    async ask(method, path, body) {
      return readAnswer(await here('exec', CLIENT, '--', ...askWords(method, path, key, body)));
    },
    async seen() {
      return readSeen(await here('logs', CLIENT, '--tail=1'));
    },
  };
}
