import type { KubeConfig } from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { KubernetesFault } from './faults';

/** How to come to a cluster: as a pod does, or as a person does. */
export type ClusterAccess =
  | { readonly type: 'pod'; readonly host: string; readonly port: number; readonly folder: string }
  | {
      readonly type: 'kubeconfig';
      /** Default: KUBECONFIG, ~/.kube/config, or the pod's own account. */
      readonly file?: string;
      readonly context?: string;
      /** Default: that of the context. */
      readonly namespace?: string;
    };

export interface LoadedAccess {
  readonly config: KubeConfig;
  readonly namespace: string;
  readonly server: string;
}

/** Where a pod finds its account. */
export const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const PRODUCT_NAMESPACE = 'wagehood';

/** @throws KubernetesFault when there is nothing to go by */
export function loadAccess(config: KubeConfig, access: ClusterAccess): LoadedAccess {
  if (access.type === 'pod') return loadPod(config, access);
  try {
    if (access.file) config.loadFromFile(access.file);
    else config.loadFromDefault();
    if (access.context) config.setCurrentContext(access.context);
  } catch (error) {
    throw new KubernetesFault('missing', `kubeconfig: ${error instanceof Error ? error.message : String(error)}`);
  }
  const server = config.getCurrentCluster()?.server;
  // What the client falls back to when there is no kubeconfig at all.
  if (!server || config.getCurrentContext() === 'loaded-context') {
    throw new KubernetesFault('missing', 'no cluster: neither KUBECONFIG nor ~/.kube/config names one');
  }
  const { namespace } = config.getContextObject(config.getCurrentContext()) ?? {};
  return { config, server, namespace: access.namespace ?? namespace ?? PRODUCT_NAMESPACE };
}

/** The token is read anew each minute: Kubernetes renews it. */
function loadPod(config: KubeConfig, { host, port, folder }: Extract<ClusterAccess, { type: 'pod' }>): LoadedAccess {
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8').trim();
    } catch {
      throw new KubernetesFault('missing', `no service account: ${join(folder, name)} cannot be read`);
    }
  };
  read('token');
  const namespace = read('namespace');
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const names = { cluster: 'pod', user: 'pod', name: 'pod' };
  config.loadFromOptions({
    clusters: [{ name: names.cluster, server, caFile: join(folder, 'ca.crt'), skipTLSVerify: false }],
    users: [{ name: names.user, authProvider: { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } } }],
    contexts: [{ ...names, namespace }],
    currentContext: names.name,
  });
  return { config, server, namespace };
}
