import type { SeriesKey } from '@wagehood/market';

/** A sequence of bars of one series in which each names the one before it: what the append script checks as one. Epoch ms. */
export interface Run {
  readonly series: SeriesKey | '#control';
  /** Open time of the bar before the run, −Infinity if there is none. */
  readonly previous: number;
  readonly first: number;
  last: number;
}

/** These runs as the append script takes them: one JSON array. */
export function encodeRuns(runs: readonly Run[]): string {
  const parts = runs.map(({ series, previous, first, last }) => [series, Math.max(-1, previous), first, last]);
  return JSON.stringify(parts.flat());
}
