import type { PendingBar } from './pending-bar';

/** A sequence of bars of one series in which each names the one before it: what the append script checks as one. */
export interface Run {
  readonly series: string;
  readonly previous: number;
  readonly bars: PendingBar[];
}

/** Cuts a batch into runs, in the order of their first bars. Several runs of one series follow each other. */
export function runsOf(bars: readonly PendingBar[]): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  for (const bar of bars) {
    const run = open.get(bar.series);
    if (run && run.bars.at(-1)?.time === bar.previous) {
      run.bars.push(bar);
      continue;
    }
    const fresh: Run = { series: bar.series, previous: bar.previous, bars: [bar] };
    open.set(bar.series, fresh);
    runs.push(fresh);
  }
  return runs;
}

/** Arguments of the append script for these runs. */
export function runArguments(runs: readonly Run[]): (string | number)[] {
  const args: (string | number)[] = [];
  for (const { series, previous, bars } of runs) {
    const [first, last] = [bars[0] as PendingBar, bars.at(-1) as PendingBar];
    args.push(series, previous === Number.NEGATIVE_INFINITY ? '-inf' : previous, first.time, last.time);
  }
  return args;
}
