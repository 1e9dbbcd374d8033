import type { Metrics } from '@wagehood/service';
import type { PipelineWatch } from '../read-model/pipeline-watch';
import type { StageSnapshot } from '../read-model/stage-snapshot';

/**
 * The pipeline as Redis has it, asked at each scrape, whoever owns the partitions: what an autoscaler and the alerts go by.
 * A worker that died takes its own counters with it; these stay. Absent while Redis is away.
 */
export function watchPipeline(metrics: Metrics, pipeline: Pick<PipelineWatch, 'snapshots'>): void {
  const perStage = (name: string, help: string, read: (stage: StageSnapshot) => number): void =>
    void metrics.gauge(name, help, ['stage'], async (gauge) => {
      gauge.reset();
      const { newest } = await pipeline.snapshots();
      for (const stage of newest.stages) gauge.set({ stage: stage.name }, read(stage));
    });
  perStage('pipeline_lag_bars', 'Bars that wait in front of a stage', ({ lagBars }) => lagBars);
  perStage('pipeline_members', 'Processes of a stage that are alive', ({ instances }) => instances);
  perStage('pipeline_dead_letters', 'Bars that were put aside and are kept', ({ deadLetters }) => deadLetters);
  perStage(
    'pipeline_unowned_partitions',
    'Partitions that no living process owns',
    ({ partitions }) => partitions.filter(({ leaseAgeMs }) => leaseAgeMs === null).length,
  );

  const perPartition = (
    name: string,
    help: string,
    read: (partition: StageSnapshot['partitions'][number]) => number | null,
  ): void =>
    void metrics.gauge(name, help, ['stage', 'partition'], async (gauge) => {
      gauge.reset();
      const { newest } = await pipeline.snapshots();
      for (const stage of newest.stages) {
        for (const partition of stage.partitions) {
          const value = read(partition);
          if (value !== null) gauge.set({ stage: stage.name, partition: partition.partition }, value);
        }
      }
    });
  perPartition('partition_lag_bars', 'Bars that wait in front of a stage in a partition', ({ lagBars }) => lagBars);
  perPartition('partition_epoch', 'Number of the ownership; rises by one with each takeover', ({ epoch }) => epoch);
  perPartition(
    'partition_lease_age_seconds',
    'Since the last heartbeat of the owner; absent without a living one',
    (at) => (at.leaseAgeMs === null ? null : at.leaseAgeMs / 1_000),
  );
  perPartition(
    'partition_snapshot_age_seconds',
    'Since the append of the oldest input that no snapshot holds',
    ({ snapshotAgeMs }) => snapshotAgeMs / 1_000,
  );
  metrics.gauge('ingestion_members', 'Processes of ingestion that are alive', [], async (gauge) => {
    gauge.remove();
    gauge.set((await pipeline.snapshots()).newest.ingestionInstances);
  });
}
