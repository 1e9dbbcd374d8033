import type { V1Deployment, V1Pod } from '@kubernetes/client-node';

/** Objects of the Kubernetes API with their fields as the API writes them: JSON, dates as text. */
export type ApiObject = {
  metadata: { name: string; namespace?: string; resourceVersion?: string } & Record<string, unknown>;
} & Record<string, unknown>;

const labelsOf = (service: string) => ({
  'app.kubernetes.io/name': service,
  'app.kubernetes.io/part-of': 'wagehood',
});

/** A Deployment that has come to rest, unless told otherwise. */
export function deployment(name: string, replicas: number, status: V1Deployment['status'] = {}): ApiObject {
  return {
    metadata: { name, namespace: 'wagehood', generation: 3, labels: labelsOf(name) },
    spec: { replicas },
    status: {
      observedGeneration: 3,
      ...{ replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas },
      ...status,
    },
  };
}

export interface PodTraits {
  readonly ready?: boolean;
  readonly restarts?: number;
  /** Reason for which its container waits. */
  readonly waiting?: string;
}

export function pod(service: string, name: string, { ready = true, restarts = 0, waiting }: PodTraits = {}): ApiObject {
  const state: NonNullable<NonNullable<V1Pod['status']>['containerStatuses']>[number]['state'] = waiting
    ? { waiting: { reason: waiting } }
    : {};
  return {
    metadata: { name, namespace: 'wagehood', labels: labelsOf(service) },
    spec: { nodeName: 'node-1', containers: [] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'service', restartCount: restarts, ready, image: '', imageID: '', state }],
    },
  };
}
