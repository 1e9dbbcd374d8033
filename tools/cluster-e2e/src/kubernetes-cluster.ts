import { randomBytes } from 'node:crypto';
import { askWords, CLIENT, clientPod, clientPolicy, readAnswer, readSeen } from './client-pod';
import { SERVICES, type Cluster, type Seen, type Service } from './cluster';
import { explain } from './explain';
import type { Kubectl } from './kubectl';
import { linesOf } from './lines';
import { patiently } from './patiently';

export interface KubernetesOptions {
  readonly kubectl: Kubectl;
  /** Folder of the overlay. */
  readonly overlay: string;
  readonly namespace: string;
  /** Opens a way to the Redis of the overlay, once it is there. @returns its address from here */
  readonly openRedis: () => Promise<string>;
}

const WAIT = '--timeout=300s';

export interface KubernetesCluster extends Cluster {
  /** What a person would look at when something went wrong. */
  explain(): Promise<string>;
}

/** A few words of kubectl; nothing here knows what is inside the pods. */
export function kubernetesCluster({ kubectl, overlay, namespace, openRedis }: KubernetesOptions): KubernetesCluster {
  const key = `wh_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('hex')}`;
  const here = (...words: string[]) => kubectl(['--namespace', namespace, ...words]);
  const rolledOut = (service: Service) => here('rollout', 'status', `deployment/${service}`, WAIT);
  const namesOf = async (service: Service, ...which: string[]): Promise<string[]> => {
    const selector = `app.kubernetes.io/name=${service}`;
    return linesOf(await here('get', 'pods', '--selector', selector, ...which, '--output', 'name'));
  };
  const podsOf = (service: Service) => namesOf(service, '--field-selector', 'status.phase=Running');
  let installed = false;
  let redisUrl = '';
  const gone = (pods: readonly string[]) => here('wait', '--for=delete', WAIT, ...pods);

  const installClient = async (): Promise<void> => {
    const image = await here('get', 'deployment/api', '--output', 'jsonpath={.spec.template.spec.containers[0].image}');
    for (const object of [clientPolicy(namespace), clientPod(namespace, image.trim())]) {
      await kubectl(['apply', '--filename', '-'], JSON.stringify(object));
    }
    await here('wait', '--for=condition=Ready', WAIT, `pod/${CLIENT}`);
  };

  return {
    get redisUrl() {
      return redisUrl;
    },
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
      redisUrl = await openRedis();
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
      const before = await podsOf(service);
      const [pod] = before;
      if (!pod) throw new Error(`there is no pod of ${service} to kill`);
      await here('delete', pod, '--grace-period=0', '--force');
      // The Deployment does not know yet that a pod is missing: its own state would be believed too early.
      let newcomer: string | undefined;
      const isThere = async () =>
        (newcomer = (await namesOf(service)).find((name) => !before.includes(name))) !== undefined;
      await patiently(`another pod of ${service}`, isThere);
      await here('wait', '--for=condition=Ready', WAIT, newcomer ?? '');
    },
    async ask(method, path, body) {
      return readAnswer(await here('exec', CLIENT, '--', ...askWords(method, path, key, body)));
    },
    explain: () => explain(here),
    async seen() {
      let seen: Seen | undefined;
      // An API server may fail to reach a kubelet for a moment; that says nothing about the services.
      await patiently('what the client has seen', async () => {
        seen = readSeen(await here('logs', CLIENT, '--tail=1'));
        return true;
      });
      return seen as Seen;
    },
  };
}
