import type { FleetProcess, FleetService, FleetView } from '@wagehood/contracts';
import type { DeploymentState, PodState } from '../kubernetes/objects';
import type { KubernetesView } from '../kubernetes/workload-watch';
import { sumOf } from './sum-of';

/** The five services, in the order in which a bar passes them, and the stage whose members they are. */
export const SERVICES = [
  { name: 'ingestion', stage: 'ingestion' },
  { name: 'calculation-worker', stage: 'calculation' },
  { name: 'strategy-evaluator', stage: 'strategy' },
  { name: 'alerting', stage: 'alerting' },
  { name: 'api', stage: null },
] as const;

/** A partition and who has it; '' = nobody. */
export interface Ownership {
  readonly partition: number;
  readonly owner: string;
  /** Null where nothing is counted. */
  readonly lagBars: number | null;
}

/** Who works for a service, as Redis knows it. */
export interface Standing {
  readonly service: string;
  readonly members: readonly string[];
  readonly partitions: readonly Ownership[];
}

/** Where a member runs: `pod/UUID` → `pod`. */
export const hostOf = (member: string): string | null => {
  const end = member.indexOf('/');
  return end > 0 ? member.slice(0, end) : null;
};

/** Joins the two sides by the name of the pod. Either may know what the other does not: both are shown. */
export function viewFleet(standings: readonly Standing[], kubernetes: KubernetesView): FleetView {
  const { state, detail, namespace, staleSinceMs } = kubernetes;
  const services = SERVICES.flatMap(({ name }) => {
    const standing = standings.find(({ service }) => service === name) ?? {
      service: name,
      members: [],
      partitions: [],
    };
    const deployment = kubernetes.deployments.find(({ service }) => service === name) ?? null;
    const pods = kubernetes.pods.filter(({ service }) => service === name);
    return [viewService(standing, deployment, pods)];
  });
  const staleSince = staleSinceMs === null ? null : new Date(staleSinceMs).toISOString();
  return { kubernetes: { state, detail, namespace, staleSince }, services };
}

function viewService(standing: Standing, deployment: DeploymentState | null, pods: readonly PodState[]): FleetService {
  const { service, members, partitions } = standing;
  const hosts = new Set(members.map(hostOf));
  // An owner that is no member any more still has its partitions, until another one takes them.
  const owners = partitions.map(({ owner }) => owner).filter((owner) => owner !== '' && !members.includes(owner));
  const processes = [...members, ...new Set(owners)].sort().map((id) => viewMember(id, partitions, pods));
  const idle = pods.filter(({ name }) => !hosts.has(name)).map((pod) => viewPod(pod));
  return {
    name: service,
    owned: partitions.filter(({ owner }) => owner !== '').length,
    lagBars: sumOf(partitions),
    restarts: deployment || pods.length > 0 ? pods.reduce((sum, { restarts }) => sum + restarts, 0) : null,
    deployment: deployment && viewDeployment(deployment),
    processes: [...processes, ...idle],
  };
}

function viewDeployment({ wanted, ready, updated, available, rollout, detail }: DeploymentState) {
  return { wanted, ready, updated, available, rollout, detail };
}

function viewMember(id: string, partitions: readonly Ownership[], pods: readonly PodState[]): FleetProcess {
  const own = partitions.filter(({ owner }) => owner === id);
  const host = hostOf(id);
  const pod = pods.find(({ name }) => name === host);
  return {
    id,
    host,
    partitions: own.map(({ partition }) => partition),
    lagBars: sumOf(own),
    pod: pod ? viewPod(pod).pod : null,
  };
}

function viewPod({ name, phase, ready, restarts, node }: PodState): FleetProcess {
  return { id: null, host: name, partitions: [], lagBars: null, pod: { phase, ready, restarts, node } };
}
