import { columns } from '@wagehood/command';
import type { FleetService, FleetView } from '@wagehood/contracts';
import { SERVICES } from '@wagehood/inventory';

const HEADER = ['SERVICE', 'READY', 'PODS', 'PROCESSES', 'PARTITIONS', 'LAG', 'RESTARTS', 'ROLLOUT'] as const;
const UNKNOWN = '–';

/** A line for each service, and below them what is not as it should be. */
export function formatFleet(view: FleetView, membersKnown: boolean): readonly string[] {
  const lines = [HEADER, ...view.services.map((service) => cellsOf(service, membersKnown))];
  return [...columns(lines), ...view.services.flatMap(troublesOf).map((trouble) => `! ${trouble}`)];
}

function cellsOf({ name, owned, lagBars, restarts, deployment, processes }: FleetService, membersKnown: boolean) {
  // Replicas of the api own nothing, and Redis does not know them.
  const counted = membersKnown && SERVICES.some((service) => service.name === name && service.stage !== null);
  const pods = processes.filter(({ pod }) => pod !== null).length;
  return [
    name,
    deployment ? `${deployment.ready}/${deployment.wanted}` : UNKNOWN,
    restarts === null ? UNKNOWN : String(pods),
    counted ? String(processes.filter(({ id }) => id !== null).length) : UNKNOWN,
    counted ? String(owned) : UNKNOWN,
    String(lagBars ?? UNKNOWN),
    String(restarts ?? UNKNOWN),
    deployment?.rollout ?? UNKNOWN,
  ];
}

function troublesOf({ name, deployment, processes }: FleetService): readonly string[] {
  const pods = processes.flatMap(({ host, pod }) => (pod && !pod.ready ? [{ host, ...pod }] : []));
  return [
    ...(deployment?.detail ? [`${name}: ${deployment.detail}`] : []),
    ...pods.map(({ host, phase, restarts, node }) => `${host} on ${node ?? 'no node'}: ${phase}, ${restarts} restarts`),
  ];
}
