import type { FleetView } from '@wagehood/contracts';
import { lookOnce, viewFleet, type Cluster } from '@wagehood/inventory';
import { joinCluster } from './join-cluster';
import { formatFleet } from './table';

export interface StatusOptions {
  readonly connect: () => Promise<Cluster>;
  /** Asks for the members. @throws Error with one readable line */
  readonly members: () => Promise<FleetView>;
  /** Who is asked for them, in words. */
  readonly source: string;
}

/** The table and where it is from; either side may be missing. @throws Error when both are */
export async function status({ connect, members, source }: StatusOptions): Promise<readonly string[]> {
  const kubernetes = await lookOnce(connect);
  // Afterwards: while the Kubernetes client is being loaded nothing else turns, and an answer would seem to be late.
  const known = await members().catch((error: Error) => error);
  const failed = known instanceof Error;
  const current = kubernetes.state === 'current';
  if (failed && !current) throw new Error(`members: ${known.message}\nkubernetes: ${kubernetes.detail}`);
  const view = failed ? viewFleet([], kubernetes) : current ? joinCluster(known, kubernetes) : known;
  // An api may see the cluster that we cannot ask ourselves.
  const seen = view.kubernetes.namespace === null ? kubernetes : view.kubernetes;
  const namespace = seen.namespace === null ? '' : `, namespace ${seen.namespace}`;
  return [
    ...formatFleet(view, !failed),
    '',
    `members:    ${failed ? `unknown: ${known.message}` : source}`,
    `kubernetes: ${seen.state}${namespace}${seen.detail ? `: ${seen.detail}` : ''}`,
  ];
}
