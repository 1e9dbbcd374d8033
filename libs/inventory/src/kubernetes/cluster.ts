import type { AppsV1Api, CoreV1Api, KubeConfig, RequestContext } from '@kubernetes/client-node';
import { loadAccess, type ClusterAccess } from './access';
import { toFault } from './faults';
import type { Listed, Listing } from './follow';
import { deploymentState, podState, PRODUCT_SELECTOR, type DeploymentState, type PodState } from './objects';
import { watchListing } from './watch-listing';

/** What we ask of the Kubernetes API, in one namespace. */
export interface Cluster {
  readonly namespace: string;
  readonly deployments: Listing<DeploymentState>;
  readonly pods: Listing<PodState>;
  /** Sets the replicas of a Deployment. Rejects with a KubernetesFault. */
  scale(deployment: string, replicas: number): Promise<{ readonly before: number; readonly after: number }>;
  /** Closes its connections. */
  close(): void;
}

export interface ClusterTuning {
  /** A list or a change that takes longer has failed; a watch that says nothing for so long is asked anew. */
  readonly silenceMs: number;
}

const defaultTuning: ClusterTuning = { silenceMs: 30_000 };

/** The client is loaded here and nowhere else: a process outside Kubernetes does not pay for it. */
export async function connectCluster(access: ClusterAccess, tuning: ClusterTuning = defaultTuning): Promise<Cluster> {
  const client = await import('./client');
  const { config, namespace, server } = loadAccess(new client.KubeConfig(), access);
  const connections = shareConnections(config);
  const settings = (signal?: AbortSignal) => {
    const timeout = AbortSignal.timeout(tuning.silenceMs);
    const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return client.createConfiguration({
      baseServer: new client.ServerConfiguration(server, {}),
      authMethods: { default: config },
      promiseMiddleware: [
        { pre: async (request) => (request.setSignal(bounded), request), post: async (answer) => answer },
      ],
    });
  };
  const apps = (signal?: AbortSignal): AppsV1Api => new client.AppsV1Api(settings(signal));
  const core = (signal?: AbortSignal): CoreV1Api => new client.CoreV1Api(settings(signal));
  const watch = Object.assign(new client.Watch(config), { requestTimeoutMs: tuning.silenceMs });
  const query = { namespace, labelSelector: PRODUCT_SELECTOR };

  const listing = <O, T extends { readonly name: string }>(
    what: string,
    group: string,
    keep: (object: O) => T,
    list: (signal: AbortSignal) => Promise<{ items: O[]; metadata?: { resourceVersion?: string } }>,
  ): Listing<T> => ({
    what,
    async list(signal): Promise<Listed<T>> {
      const { items, metadata } = await list(signal);
      return { items: items.map(keep), resourceVersion: metadata?.resourceVersion ?? '' };
    },
    watch: (resourceVersion, onEvent, onOpen, signal) =>
      watchListing<T>({
        ...{ watch, what, resourceVersion, onEvent, onOpen, signal, labelSelector: PRODUCT_SELECTOR },
        path: `${group}/namespaces/${namespace}/${what}`,
        keep: (object) => keep(object as O),
      }),
  });

  return {
    namespace,
    deployments: listing('deployments', '/apis/apps/v1', deploymentState, (signal) =>
      apps(signal).listNamespacedDeployment(query),
    ),
    pods: listing('pods', '/api/v1', podState, (signal) => core(signal).listNamespacedPod(query)),
    async scale(name, replicas) {
      const merge = client.setHeaderOptions('Content-Type', client.PatchStrategy.MergePatch);
      try {
        const { spec } = await apps().readNamespacedDeploymentScale({ name, namespace });
        const body = { spec: { replicas } };
        const scaled = await apps().patchNamespacedDeploymentScale({ name, namespace, body }, merge);
        return { before: spec?.replicas ?? 0, after: scaled.spec?.replicas ?? 0 };
      } catch (error) {
        throw toFault(`deployment ${name} in ${namespace}`, error);
      }
    },
    close: connections.close,
  };
}

/** The client makes an agent, with sockets of its own, for every request; all of ours go through the first one. */
function shareConnections(config: KubeConfig): { close(): void } {
  const authenticate = config.applySecurityAuthentication.bind(config);
  let shared: ReturnType<RequestContext['getDispatcher']>;
  config.applySecurityAuthentication = async (context) => {
    await authenticate(context);
    shared ??= context.getDispatcher();
    if (shared) context.setDispatcher(shared);
  };
  return { close: () => void shared?.destroy().catch(() => undefined) };
}
