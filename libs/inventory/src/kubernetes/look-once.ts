import type { Cluster } from './cluster';
import { toFault } from './faults';
import type { Listing } from './follow';
import { unwatched, type KubernetesView } from './workload-watch';

/** What there is at this moment, for a command that ends. Never throws: `off` when nothing names a cluster, `unavailable` after a fault. */
export async function lookOnce(connect: () => Promise<Cluster>): Promise<KubernetesView> {
  let cluster: Cluster;
  try {
    cluster = await connect();
  } catch (error) {
    const { kind, message: detail } = toFault('kubernetes', error);
    return { ...unwatched(detail).view(), state: kind === 'missing' ? 'off' : 'unavailable' };
  }
  const { namespace } = cluster;
  try {
    const [deployments, pods] = await Promise.all([listAll(cluster.deployments), listAll(cluster.pods)]);
    return { state: 'current', detail: '', namespace, staleSinceMs: null, deployments, pods };
  } catch (error) {
    return { ...unwatched(toFault('kubernetes', error).message).view(), state: 'unavailable', namespace };
  } finally {
    cluster.close();
  }
}

async function listAll<T extends { readonly name: string }>({ what, list }: Listing<T>): Promise<readonly T[]> {
  try {
    return (await list(new AbortController().signal)).items;
  } catch (error) {
    throw toFault(what, error);
  }
}
