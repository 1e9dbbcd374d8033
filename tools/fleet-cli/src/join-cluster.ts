import type { FleetView } from '@wagehood/contracts';
import { viewFleet, type KubernetesView } from '@wagehood/inventory';

/** A view of the members, joined with what Kubernetes tells us here and now. */
export function joinCluster(known: FleetView, kubernetes: KubernetesView): FleetView {
  const standings = known.services.map(({ name, processes }) => {
    const members = processes.flatMap(({ id, partitions }) => (id === null ? [] : [{ id, partitions }]));
    return {
      service: name,
      members: members.map(({ id }) => id),
      partitions: members.flatMap(({ id, partitions }) =>
        partitions.map((partition) => ({ partition, owner: id, lagBars: null })),
      ),
    };
  });
  const joined = viewFleet(standings, kubernetes);
  // Bars that wait are known by service and by process; they stay as they were.
  const services = joined.services.map((service) => {
    const { lagBars = null, processes = [] } = known.services.find(({ name }) => name === service.name) ?? {};
    const lagOf = (id: string | null) => processes.find((process) => process.id === id && id !== null)?.lagBars ?? null;
    return { ...service, lagBars, processes: service.processes.map((each) => ({ ...each, lagBars: lagOf(each.id) })) };
  });
  return { ...joined, services };
}
