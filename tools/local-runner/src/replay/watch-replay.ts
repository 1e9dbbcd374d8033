import type { StatsResponse } from '@wagehood/contracts';

/** What ingestion logs when a provider has no more bars. */
const END_OF_DATA = 'end of data';
/** Looks in a row that must agree that nothing is on its way any more. */
const QUIET_LOOKS = 2;

export interface ReplayWatch {
  /** A message of the ingestion service. */
  onMessage(message: string): void;
  onStats(stats: StatsResponse): void;
}

/**
 * Calls `onFinished` once: when the data has ended and every stage has worked off what it had.
 *
 *   playing ──end of data──► draining ──no stage waits, figures stand still, twice──► finished
 */
export function watchReplay(onFinished: () => void): ReplayWatch {
  let ended = false;
  let finished = false;
  let quietLooks = 0;
  let bars = -1;
  return {
    onMessage(message) {
      if (message.startsWith(END_OF_DATA)) ended = true;
    },
    onStats(stats) {
      if (!ended || finished) return;
      const isQuiet = stats.bars > 0 && stats.bars === bars && stats.stages.every(({ lagBars }) => lagBars === 0);
      bars = stats.bars;
      quietLooks = isQuiet ? quietLooks + 1 : 0;
      if (quietLooks < QUIET_LOOKS) return;
      finished = true;
      onFinished();
    },
  };
}
