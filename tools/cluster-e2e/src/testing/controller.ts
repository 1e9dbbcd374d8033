import type { ApiObject, Objects } from './objects';

/** How long a pod takes to come or to go: longer than a call, so that who does not wait is caught. */
const PACE_MS = 300;

type Template = {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> } & Record<string, unknown>;
  readonly spec: Readonly<Record<string, unknown>>;
};
interface Spec {
  readonly replicas?: number;
  readonly template: Template;
}

/** What the controllers and the kubelet of a real cluster do: pods follow Deployments, and their states follow the pods. */
export class Controller {
  #count = 0;
  #closed = false;

  constructor(
    private readonly objects: Objects,
    private readonly collection: (kind: string) => string,
  ) {}

  close(): void {
    this.#closed = true;
  }

  /** Brings a Deployment nearer to what it should be; call it after each change. */
  reconcile(kind: 'deployments' | 'statefulsets', name: string): void {
    const workload = this.objects.get(this.collection(kind), name);
    if (!workload) return;
    const { replicas = 1, template } = workload.spec as unknown as Spec;
    const hash = JSON.stringify(template);
    const mine = this.objects.list(this.#pods).filter(({ metadata }) => metadata['owner'] === name);
    const current = mine.filter(({ metadata }) => metadata['hash'] === hash && !metadata['deletionTimestamp']);
    const ready = current.filter((pod) => isReady(pod));
    const old = mine.filter(({ metadata }) => metadata['hash'] !== hash && !metadata['deletionTimestamp']);
    for (let missing = replicas - current.length; missing > 0; missing--) this.#add(workload, template, hash, kind);
    const surplus = [...current.slice(replicas), ...(ready.length >= replicas ? old : [])];
    for (const pod of surplus) this.end(pod.metadata.name, PACE_MS);
    this.#report(kind, workload, { replicas, updated: current.length, ready: ready.length, all: mine.length });
  }

  /** Ends a pod: at once without a grace, else after it. */
  end(name: string, graceMs: number): void {
    const pod = this.objects.get(this.#pods, name);
    if (!pod) return;
    const gone = (): void => {
      if (this.#closed) return;
      this.objects.delete(this.#pods, name);
      const { owner, ownerKind } = pod.metadata as { owner?: string; ownerKind?: 'deployments' | 'statefulsets' };
      if (owner && ownerKind) setTimeout(() => this.reconcile(ownerKind, owner), PACE_MS);
    };
    if (graceMs === 0) return gone();
    const deletionTimestamp = new Date().toISOString();
    this.objects.put(this.#pods, { ...pod, metadata: { ...pod.metadata, deletionTimestamp } });
    setTimeout(gone, graceMs);
  }

  /** A pod that somebody made by hand, or one of ours: it is ready after a while. */
  run(pod: ApiObject): void {
    setTimeout(() => {
      const found = this.objects.get(this.#pods, pod.metadata.name);
      if (this.#closed || !found) return;
      const conditions = [{ type: 'Ready', status: 'True' }];
      this.objects.put(this.#pods, { ...found, status: { phase: 'Running', conditions } });
      const { owner, ownerKind } = pod.metadata as { owner?: string; ownerKind?: 'deployments' | 'statefulsets' };
      if (owner && ownerKind) this.reconcile(ownerKind, owner);
    }, PACE_MS);
  }

  get #pods(): string {
    return this.collection('pods');
  }

  #add(workload: ApiObject, { metadata, spec }: Template, hash: string, ownerKind: string): void {
    const { name, namespace } = workload.metadata;
    const own = { name: `${name}-${++this.#count}`, namespace, labels: metadata.labels, owner: name, ownerKind, hash };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: own, spec, status: { phase: 'Pending' } } as ApiObject;
    this.run(this.objects.put(this.#pods, pod));
  }

  #report(
    kind: 'deployments' | 'statefulsets',
    workload: ApiObject,
    { replicas, updated, ready, all }: Readonly<Record<'replicas' | 'updated' | 'ready' | 'all', number>>,
  ): void {
    const status = {
      ...{
        observedGeneration: workload.metadata.generation,
        replicas: Math.max(all, replicas),
        updatedReplicas: updated,
      },
      ...{ readyReplicas: ready, availableReplicas: ready, currentRevision: 'a', updateRevision: 'a' },
    };
    if (JSON.stringify(status) !== JSON.stringify(workload.status)) {
      this.objects.put(this.collection(kind), { ...workload, status: { ...status, replicas: all } });
    }
  }
}

const isReady = ({ status }: ApiObject): boolean => status?.['conditions'] !== undefined;
