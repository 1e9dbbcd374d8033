import { createBackoff } from '@wagehood/service';
import type { Cluster } from './cluster';
import { toFault, type KubernetesFault } from './faults';
import { createFollower, type Follower } from './follow';
import type { DeploymentState, PodState } from './objects';

/** What can be said about the cluster at the moment. */
export interface KubernetesView {
  /** `off`: nobody asks · `connecting` · `current` · `stale`: as it was at `staleSinceMs` · `unavailable`: never seen. */
  readonly state: 'off' | 'connecting' | 'current' | 'stale' | 'unavailable';
  /** Why it is not current, '' when it is. */
  readonly detail: string;
  readonly namespace: string | null;
  readonly staleSinceMs: number | null;
  readonly deployments: readonly DeploymentState[];
  readonly pods: readonly PodState[];
}

export interface WorkloadWatch {
  start(): void;
  stop(): Promise<void>;
  view(): KubernetesView;
}

const NOTHING = { namespace: null, staleSinceMs: null, deployments: [], pods: [] };

/** Nobody asks Kubernetes, and why. */
export const unwatched = (detail: string): WorkloadWatch => ({
  start: () => undefined,
  stop: () => Promise.resolve(),
  view: () => ({ ...NOTHING, state: 'off', detail }),
});

export interface WorkloadWatchOptions {
  /** Connects; a failure is shown, and tried again. */
  readonly connect: () => Promise<Cluster>;
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
}

/** Follows the Deployments and pods of the product. Never throws: whatever happens is in the view. */
export function createWorkloadWatch(options: WorkloadWatchOptions): WorkloadWatch {
  const pace = () => createBackoff({ minMs: options.minBackoffMs ?? 500, maxMs: options.maxBackoffMs ?? 30_000 });
  const stopping = new AbortController();
  let open: { cluster: Cluster; deployments: Follower<DeploymentState>; pods: Follower<PodState> } | null = null;
  let failed: KubernetesFault | null = null;
  let connecting: Promise<void> = Promise.resolve();

  const connect = async (): Promise<void> => {
    const backoff = pace();
    while (!stopping.signal.aborted && !open) {
      try {
        const cluster = await options.connect();
        const followers = {
          deployments: createFollower(cluster.deployments, pace()),
          pods: createFollower(cluster.pods, pace()),
        };
        open = { cluster, ...followers };
        if (!stopping.signal.aborted) for (const follower of Object.values(followers)) follower.start();
      } catch (error) {
        failed = toFault('kubernetes', error);
        await backoff.wait(stopping.signal).catch(() => undefined);
      }
    }
  };

  return {
    start: () => void (connecting = connect()),
    async stop() {
      stopping.abort();
      await connecting;
      await Promise.all([open?.deployments.stop(), open?.pods.stop()]);
      open?.cluster.close();
    },
    view() {
      if (!open) return { ...NOTHING, state: failed ? 'unavailable' : 'connecting', detail: failed?.message ?? '' };
      return join(open.cluster.namespace, open.deployments.followed(), open.pods.followed());
    },
  };
}

type Sides = readonly [ReturnType<Follower<DeploymentState>['followed']>, ReturnType<Follower<PodState>['followed']>];

function join(namespace: string, ...[deployments, pods]: Sides): KubernetesView {
  const sides = [deployments, pods];
  const detail = [...new Set(sides.flatMap(({ fault }) => (fault ? [fault.message] : [])))].join('; ');
  const stale = sides.flatMap(({ staleSinceMs }) => (staleSinceMs === null ? [] : [staleSinceMs]));
  const known = { namespace, deployments: deployments.items, pods: pods.items };
  if (sides.every(({ current }) => current)) return { ...known, state: 'current', detail: '', staleSinceMs: null };
  if (sides.every(({ current, staleSinceMs }) => current || staleSinceMs !== null)) {
    return { ...known, state: 'stale', detail: detail || 'reconnecting', staleSinceMs: Math.min(...stale) };
  }
  return { ...known, state: detail ? 'unavailable' : 'connecting', detail, staleSinceMs: null };
}
