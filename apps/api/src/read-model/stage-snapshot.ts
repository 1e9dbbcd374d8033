import type { PartitionStats, Reader, StageName } from '@wagehood/streams';

/** Where one partition of a stage stands, and how long ago its owner gave its last heartbeat; null without a living one. */
export type PartitionSnapshot = PartitionStats & { readonly leaseAgeMs: number | null };

/** Where one stage stands. */
export interface StageSnapshot {
  readonly name: StageName;
  /** Live processes. */
  readonly members: readonly string[];
  readonly instances: number;
  readonly partitions: readonly PartitionSnapshot[];
  readonly lagBars: number;
  /** Bars (or events) taken in, and given out, since the beginning. */
  readonly bars: number;
  readonly outBars: number;
  readonly deadLetters: number;
}

/** Where the whole pipeline stands at one moment. */
export interface PipelineSnapshot {
  /** Monotonic ms. */
  readonly atMs: number;
  /** Live processes of ingestion. */
  readonly producers: readonly string[];
  readonly ingestionInstances: number;
  readonly stages: readonly StageSnapshot[];
  /** Bars ever accepted by ingestion. */
  readonly acceptedBars: number;
}

export type SnapshotReader = Pick<Reader, 'stageStats' | 'members' | 'heartbeatAges'>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);

export async function readPipeline(reader: SnapshotReader, stages: readonly StageName[]): Promise<PipelineSnapshot> {
  const [members, ...snapshots] = await Promise.all([
    reader.members('ingestion'),
    ...stages.map((stage) => readStage(reader, stage)),
  ]);
  const calculation = snapshots.find(({ name }) => name === 'calculation');
  return {
    atMs: performance.now(),
    producers: members,
    ingestionInstances: members.length,
    stages: snapshots,
    acceptedBars: calculation ? calculation.bars + calculation.lagBars : 0,
  };
}

async function readStage(reader: SnapshotReader, name: StageName): Promise<StageSnapshot> {
  const [stats, ages] = await Promise.all([reader.stageStats(name), reader.heartbeatAges(name)]);
  const partitions = stats.map((at) => ({ ...at, leaseAgeMs: ages.get(at.owner) ?? null }));
  return {
    name,
    members: [...ages.keys()],
    instances: ages.size,
    partitions,
    lagBars: sum(partitions.map(({ lagBars }) => lagBars)),
    bars: sum(partitions.map(({ bars }) => bars)),
    outBars: sum(partitions.map(({ outBars }) => outBars)),
    deadLetters: sum(partitions.map(({ deadLetters }) => deadLetters)),
  };
}

/** Units per second between two snapshots; 0 when they are the same one. */
export function ratePerSecond(
  older: PipelineSnapshot,
  newer: PipelineSnapshot,
  of: (s: PipelineSnapshot) => number,
): number {
  const seconds = (newer.atMs - older.atMs) / 1_000;
  return seconds <= 0 ? 0 : Math.max(0, (of(newer) - of(older)) / seconds);
}
