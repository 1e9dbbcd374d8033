import { readersOf } from './check-rights';
import { titleOf, workloadsOf, type Container, type Manifest, type Workload } from './manifest';

/**
 * The Pod Security Standard "restricted", and what goes beyond it: no writing, no token of the cluster, limits. A token is for the
 * api alone, and only when its account may read (the component fleet-view).
 * @returns one line per fault
 */
export function securityFaults(manifests: readonly Manifest[]): readonly string[] {
  const readers = readersOf(manifests);
  return workloadsOf(manifests).flatMap((workload) => [
    ...podFaults(workload, readers),
    ...workload.containers.flatMap((container) => containerFaults(workload.manifest, container)),
  ]);
}

interface PodSecurity {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
}

function podFaults({ manifest, pod }: Workload, readers: ReadonlySet<string>): string[] {
  const security = (pod['securityContext'] ?? {}) as PodSecurity;
  const volumes = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
  const mayAsk = manifest.metadata.name === 'api' && readers.has(pod.serviceAccountName ?? '');
  return faultsOf(titleOf(manifest), {
    'must not run as root': security.runAsNonRoot === true && (security.runAsUser ?? 0) > 0,
    'needs the seccomp profile RuntimeDefault': security.seccompProfile?.type === 'RuntimeDefault',
    'must not get a token of the cluster': mayAsk || pod['automountServiceAccountToken'] === false,
    'must not get variables of foreign Services': pod['enableServiceLinks'] === false,
    'must not share the host': !['hostNetwork', 'hostPID', 'hostIPC'].some((name) => pod[name] === true),
    'mounts what it must not': volumes.every((type) => ['configMap', 'emptyDir', 'secret'].includes(type)),
  });
}

interface ContainerSecurity {
  readonly allowPrivilegeEscalation?: boolean;
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

function containerFaults(manifest: Manifest, container: Container): string[] {
  const security = (container['securityContext'] ?? {}) as ContainerSecurity;
  const resources = (container['resources'] ?? {}) as Record<string, Record<string, string> | undefined>;
  return faultsOf(`${titleOf(manifest)} ${container.name}`, {
    'must not gain privileges': security.allowPrivilegeEscalation === false && security.privileged !== true,
    'must drop all capabilities':
      security.capabilities?.drop?.includes('ALL') === true && (security.capabilities.add ?? []).length === 0,
    'must not write to its image': security.readOnlyRootFilesystem === true,
    'needs requests and a limit of memory':
      resources['requests']?.['cpu'] !== undefined &&
      resources['requests']?.['memory'] !== undefined &&
      resources['limits']?.['memory'] !== undefined,
    'needs an image with a tag': /^[^:]+(:\d+\/[^:]+)?:[\w.-]+$/.test(container.image),
    'needs all three probes': ['startupProbe', 'livenessProbe', 'readinessProbe'].every((name) => name in container),
  });
}

const faultsOf = (title: string, rules: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(rules)
    .filter(([, holds]) => !holds)
    .map(([rule]) => `${title}: ${rule}`);
