import type { StageStatus, StageWorker } from '@wagehood/streams';
import type { Metrics } from '../metrics';

/** What a stage worker knows about itself, read at each scrape. */
export function watchStage(metrics: Metrics, worker: Pick<StageWorker, 'status'>): void {
  const gauge = (name: string, help: string, read: (status: StageStatus) => number): void =>
    void metrics.gauge(name, help, [], (own) => own.set(read(worker.status())));
  gauge('stage_partitions', 'Partitions owned', ({ owned }) => owned.length);
  gauge('stage_awaited_partitions', 'Partitions that should be ours but are not yet', ({ awaited }) => awaited);
  gauge('stage_halted_partitions', 'Partitions that stand still and need a human', ({ halted }) => halted.size);
  gauge('stage_lag_bars', 'Bars in the input that are not committed yet', ({ owned }) =>
    owned.reduce((sum, { lagBars }) => sum + lagBars, 0),
  );
  gauge(
    'stage_heartbeat_age_seconds',
    'Since the last heartbeat that Redis answered; the lease ends after 2 s',
    ({ heartbeatAgeMs }) => heartbeatAgeMs / 1_000,
  );
  gauge(
    'stage_snapshot_age_seconds',
    'Since the last snapshot, of the partition that has waited longest with something unsaved',
    ({ owned }) => Math.max(0, ...owned.map(({ unsavedForMs }) => unsavedForMs)) / 1_000,
  );
  gauge(
    'stage_stuck_seconds',
    'Since all partitions last moved or had nothing to do',
    ({ stuckForMs }) => stuckForMs / 1_000,
  );
}
