import type { V1Deployment, V1Pod } from '@kubernetes/client-node';

/** Deployments and pods are told apart by these labels; deploy/ sets them. */
export const PRODUCT_SELECTOR = 'app.kubernetes.io/part-of=wagehood';
const SERVICE_LABEL = 'app.kubernetes.io/name';

export type Rollout = 'complete' | 'progressing' | 'stalled';

/** What is kept of a Deployment: little, whatever the size of the object. */
export interface DeploymentState {
  readonly name: string;
  readonly service: string;
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly rollout: Rollout;
  /** Why it is not complete, '' when it is. */
  readonly detail: string;
}

/** What is kept of a Pod. */
export interface PodState {
  readonly name: string;
  readonly service: string;
  /** `Running`, or what keeps it from running: `CrashLoopBackOff`, `Terminating`, `Pending`. */
  readonly phase: string;
  readonly ready: boolean;
  /** Restarts of its containers since the pod began. */
  readonly restarts: number;
  readonly node: string | null;
}

export function deploymentState({ metadata, spec, status }: V1Deployment): DeploymentState {
  const name = metadata?.name ?? '';
  const wanted = spec?.replicas ?? 1;
  const [ready, updated, available] = [
    status?.readyReplicas ?? 0,
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
  ];
  const condition = (type: string) => status?.conditions?.find((each) => each.type === type);
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  const settled = [status?.replicas ?? 0, updated, available].every((count) => count === wanted);
  const late = [condition('Progressing'), condition('Available')].find((each) => each?.status === 'False');
  const rollout =
    seen && settled ? 'complete' : condition('Progressing')?.status === 'False' ? 'stalled' : 'progressing';
  const detail =
    rollout === 'complete' ? '' : (late?.message ?? `${updated} of ${wanted} updated, ${available} available`);
  return {
    name,
    service: metadata?.labels?.[SERVICE_LABEL] ?? name,
    wanted,
    ready,
    updated,
    available,
    rollout,
    detail,
  };
}

export function podState({ metadata, spec, status }: V1Pod): PodState {
  const containers = status?.containerStatuses ?? [];
  const waiting = containers.map(({ state }) => state?.waiting?.reason).find((reason) => reason !== undefined);
  return {
    name: metadata?.name ?? '',
    service: metadata?.labels?.[SERVICE_LABEL] ?? '',
    phase: metadata?.deletionTimestamp ? 'Terminating' : (waiting ?? status?.phase ?? 'Unknown'),
    ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    node: spec?.nodeName ?? null,
  };
}
