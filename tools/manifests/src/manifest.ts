/** A Kubernetes object as it comes out of a YAML document: anything, until it has been checked. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly [field: string]: unknown;
}

export const titleOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** Every object or array inside, with the path to it. */
export function* nodesOf(value: unknown, path = ''): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  yield [path, value as Record<string, unknown>];
  for (const [key, child] of Object.entries(value)) yield* nodesOf(child, path === '' ? key : `${path}.${key}`);
}

interface PodSpec {
  readonly [field: string]: unknown;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly serviceAccountName?: string;
  readonly volumes?: readonly { readonly name: string }[];
}

export interface Container {
  readonly [field: string]: unknown;
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string; readonly optional?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string }[];
}

export interface Workload {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
  readonly containers: readonly Container[];
}

/** The objects that make pods. */
export function workloadsOf(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.flatMap((manifest) => {
    const { template } = (manifest['spec'] ?? {}) as {
      template?: { metadata?: { labels?: Record<string, string> }; spec: PodSpec };
    };
    if (!template) return [];
    const { containers, initContainers = [] } = template.spec;
    const labels = template.metadata?.labels ?? {};
    return [{ manifest, labels, pod: template.spec, containers: [...initContainers, ...containers] }];
  });
}
