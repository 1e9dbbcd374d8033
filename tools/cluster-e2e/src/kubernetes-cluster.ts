import { randomBytes } from 'node:crypto';
import { askWords, CLIENT, clientPod, clientPolicy, readAnswer, readSeen } from './client-pod';
import { SERVICES, type Cluster, type Service } from './cluster';
import type { Kubectl } from './kubectl';
import { patiently } from './patiently';

export interface KubernetesOptions {
  readonly kubectl: Kubectl;
  /** Folder of the overlay. */
  readonly overlay: string;
  readonly namespace: string;
  readonly redisUrl: string;
}

const WAIT = '--timeout=300s';

export interface KubernetesCluster extends Cluster {
  /** What a person would look at when something went wrong: pods, events, the last lines of the logs. */
  explain(): Promise<string>;
}

/** A few words of kubectl; nothing here knows what is inside the pods. */
export function kubernetesCluster({ kubectl, overlay, namespace, redisUrl }: KubernetesOptions): KubernetesCluster {
  const key = `wh_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('hex')}`;
  const here = (...words: string[]) => kubectl(['--namespace', namespace, ...words]);
  const rolledOut = (service: Service) => here('rollout', 'status', `deployment/${service}`, WAIT);
  const namesOf = async (service: Service, ...which: string[]): Promise<string[]> => {
    const names = await here(
      'get',
      'pods',
      '--selector',
      `app.kubernetes.io/name=${service}`,
      ...which,
      '--output',
      'name',
    );
    return names
      .trim()
      .split('\n')
      .filter((name) => name !== '');
  };
  const podsOf = (service: Service) => namesOf(service, '--field-selector', 'status.phase=Running');
  let installed = false;
  const gone = (pods: readonly string[]) => here('wait', '--for=delete', WAIT, ...pods);

  const installClient = async (): Promise<void> => {
    const image = await here('get', 'deployment/api', '--output', 'jsonpath={.spec.template.spec.containers[0].image}');
    for (const object of [clientPolicy(namespace), clientPod(namespace, image.trim())]) {
      await kubectl(['apply', '--filename', '-'], JSON.stringify(object));
    }
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
    async explain() {
      const words = [
        ['get', 'pods', '--output', 'wide'],
        ['get', 'events', '--sort-by=.lastTimestamp', '--field-selector', 'type=Warning'],
        ['logs', '--selector', 'app.kubernetes.io/part-of=wagehood', '--prefix', '--tail=3', '--max-log-requests=50'],
      ];
      const told = await Promise.all(words.map((line) => here(...line).catch((error: Error) => error.message)));
      return told.map((text) => text.trim().split('\n').slice(-40).join('\n')).join('\n\n');
    },
    async seen() {
      return readSeen(await here('logs', CLIENT, '--tail=1'));
    },
  };
}
