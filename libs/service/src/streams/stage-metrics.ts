import type { StageEvent } from '@wagehood/streams';
import type { Logger } from '../log/logger';
import { rateLimited } from '../log/rate-limited';
import type { Metrics } from '../metrics';

export interface StageMeters {
  /** For `StageOptions.onEvent`. */
  readonly onEvent: (event: StageEvent) => void;
}

/** Counts what happens in a stage, and says in the log what an operator wants to know, without flooding it. */
export function countStageEvents(metrics: Metrics, log: Logger): StageMeters {
  const quiet = rateLimited(log);
  const bars = metrics.counter('stage_bars_total', 'Bars (events) taken in and committed');
  const events = metrics.counter('stage_events_total', 'Events given out and committed');
  const commits = metrics.counter('stage_commits_total', 'Commits');
  const commitSeconds = metrics.histogram('stage_batch_seconds', 'From read to commit, per batch');
  const latencySeconds = metrics.histogram(
    'stage_latency_seconds',
    'From append of the input to commit of the output, server clock',
  );
  const endToEndSeconds = metrics.histogram(
    'stage_end_to_end_seconds',
    'From append of the bars to commit of what this stage made of them, server clock',
  );
  const fenced = metrics.counter('stage_fenced_total', 'Partitions lost to another owner');
  const rolledBack = metrics.counter(
    'stage_rolled_back_total',
    'Commits refused because Redis had lost input or state',
  );
  const resynced = metrics.counter('stage_resyncs_total', 'Read cursors put back to the committed offset');
  const acquired = metrics.counter('stage_acquired_total', 'Partitions taken over');
  const replayed = metrics.counter('stage_replayed_entries_total', 'Entries folded again at takeover');
  const held = metrics.counter('stage_back_pressure_total', 'Commits that had to wait for the next stage');
  const letters = metrics.counter('stage_dead_letters_total', 'Items put aside');
  const halted = metrics.counter('stage_halted_total', 'Partitions that need a human');

  return {
    onEvent(event) {
      switch (event.type) {
        case 'committed':
          bars.inc(event.bars);
          events.inc(event.events);
          commits.inc();
          commitSeconds.observe(event.tookMs / 1_000);
          latencySeconds.observe(event.latencyMs / 1_000);
          endToEndSeconds.observe(event.endToEndMs / 1_000);
          return;
        case 'acquired':
          acquired.inc();
          replayed.inc(event.replayed);
          return log.info('partition acquired', event);
        case 'released':
          return log.info('partition released', event);
        case 'fenced':
          fenced.inc();
          return log.warn('partition lost to another owner', event);
        case 'rolled-back':
          rolledBack.inc();
          return quiet.warn(event.type, 'Redis went back in time; folding again', event);
        case 'resynced':
          resynced.inc();
          return quiet.warn(event.type, 'read cursor put back', event);
        case 'back-pressured':
          held.inc();
          return quiet.warn(event.type, 'the next stage is behind; waiting', event);
        case 'dead-letter':
          letters.inc();
          return quiet.warn(event.type, 'put aside as a dead letter', event);
        case 'halted':
          halted.inc();
          return;
      }
    },
  };
}
