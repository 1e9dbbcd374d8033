import { KubernetesFault, type Cluster } from '@wagehood/inventory';

/** @throws Error with one readable line */
export async function scale(connect: () => Promise<Cluster>, service: string, replicas: number): Promise<string> {
  const cluster = await connect();
  try {
    const { before, after } = await cluster.scale(service, replicas);
    return `${service} in ${cluster.namespace}: ${before} → ${after} replicas`;
  } catch (error) {
    if (!(error instanceof KubernetesFault) || error.kind !== 'denied') throw error;
    throw new Error(`${error.message}; the component fleet-scaler has an account that may`, { cause: error });
  } finally {
    cluster.close();
  }
}
