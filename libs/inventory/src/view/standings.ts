import { assign, type PartitionStats, type Reader, type StageName } from '@wagehood/streams';
import { SERVICES, type Standing } from './view-fleet';

/** What is known of one stage. */
export interface StageFacts {
  readonly name: StageName;
  readonly members: readonly string[];
  readonly partitions: readonly Pick<PartitionStats, 'partition' | 'owner' | 'lagBars'>[];
}

const serviceOf = (stage: string): string => SERVICES.find((service) => service.stage === stage)?.name ?? stage;

/** Stages by their services. Ingestion owns nothing in Redis: its replicas share the partitions by the assignment alone. */
export function standingsOf(
  producers: readonly string[],
  stages: readonly StageFacts[],
  partitionCount: number,
): readonly Standing[] {
  const shares = [...assign(partitionCount, producers)].map(([partition, owner]) => ({
    partition,
    owner,
    lagBars: null,
  }));
  const ingestion = {
    service: 'ingestion',
    members: producers,
    partitions: shares.sort((a, b) => a.partition - b.partition),
  };
  return [
    ingestion,
    ...stages.map(({ name, members, partitions }) => ({ service: serviceOf(name), members, partitions })),
  ];
}

/** Asks Redis alone, which knows everything but the pods. */
export async function readStandings(
  reader: Pick<Reader, 'members' | 'stageStats'>,
  stages: readonly StageName[],
  partitionCount: number,
): Promise<readonly Standing[]> {
  const [producers, ...facts] = await Promise.all([
    reader.members('ingestion'),
    ...stages.map(async (name) => {
      const [members, partitions] = await Promise.all([reader.members(name), reader.stageStats(name)]);
      return { name, members, partitions };
    }),
  ]);
  return standingsOf(producers, facts, partitionCount);
}
