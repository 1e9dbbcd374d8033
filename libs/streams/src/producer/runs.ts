import type { SeriesKey } from '@wagehood/market';

/** A sequence of bars of one series in which each names the one before it: what the append script checks as one. Epoch ms. */
export interface Run {
  readonly series: SeriesKey | '#control';
  /** Open time of the bar before the run, −Infinity if there is none. */
  readonly previous: number;
  readonly first: number;
  last: number;
}

/** Arguments of the append script for these runs. */
export function runArguments(runs: readonly Run[]): (string | number)[] {
  const args: (string | number)[] = [];
  for (const { series, previous, first, last } of runs)
    args.push(series, previous === Number.NEGATIVE_INFINITY ? '-inf' : previous, first, last);
  return args;
}
