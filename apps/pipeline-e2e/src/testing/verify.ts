import type { BarEvent } from '@wagehood/contracts';
import { timeframeMs } from '@wagehood/market';
import { expectationOf, type Expectation } from './expectation';
import { firstDifference } from './first-difference';
import { eventsOf, plausibleBars, readPartitions, signalsOf, type PartitionLog } from './read-streams';
import type { System } from './system';
import { verifyStored } from './verify-stored';

export interface Verified {
  /** Final bars of the feeds in the input logs. */
  readonly bars: number;
  readonly events: number;
  readonly signals: number;
  readonly refused: number;
  /** Series of the input with the number of their bars. */
  readonly series: ReadonlyMap<string, number>;
}

/**
 * Holds what the pipeline wrote against what the engines of the core make of the same input: every value and every signal, once,
 * in order, bit for bit; and every series of the input itself whole and in order. Call it when the pipeline has come to rest.
 * `scarred`: series of the input that a test has damaged itself.
 * @throws Error that says where the first difference is
 */
export async function verify(
  system: System,
  { scarred = [] }: { readonly scarred?: readonly string[] } = {},
): Promise<Verified> {
  const total = { bars: 0, events: 0, signals: 0, refused: 0 };
  const series = new Map<string, number>();
  for (const log of await readPartitions(system.link, system.partitions)) {
    const expected = expectationOf(log);
    for (const [key, count] of verifyInput(log, scarred)) series.set(key, count);
    verifyOutput(log, expected);
    await verifyStored(system, expected);
    total.events += expected.events.length;
    total.signals += expected.signals.length;
    total.refused += expected.refused;
  }
  for (const count of series.values()) total.bars += count;
  return { ...total, series };
}

/** Every series of the feeds begins somewhere and goes on from bar to bar: none is missing, none comes twice. */
function verifyInput({ input, partition }: PartitionLog, scarred: readonly string[]): Map<string, number> {
  const last = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const entry of input) {
    if (entry.kind === 'gap') throw new Error(`partition ${partition}: gap ${entry.data}`);
    if (entry.kind !== 'bar') continue;
    for (const bar of plausibleBars(entry)) {
      const key = `${bar.symbol}|${bar.timeframe}`;
      if (!scarred.includes(key) && !follows(bar, last.get(key))) {
        throw new Error(`${key}: bar ${bar.timestamp} follows ${last.get(key)} (entry ${entry.offset})`);
      }
      last.set(key, bar.timestamp);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** Daily bars leave out weekends and holidays; the others of these tests leave out nothing. */
function follows({ timestamp, timeframe }: BarEvent, before: number | undefined): boolean {
  if (before === undefined) return true;
  return timeframe === '1d' ? timestamp > before : timestamp === before + timeframeMs(timeframe);
}

function verifyOutput({ partition, events, signals }: PartitionLog, expected: Expectation): void {
  const written = events.filter(({ kind }) => kind === 'bar').flatMap(eventsOf);
  const sent = signals.filter(({ kind }) => kind === 'signal').flatMap(signalsOf);
  const ids = new Set(sent.map(({ id }) => id));
  const difference =
    firstDifference(`partition ${partition}, events`, written, expected.events) ??
    firstDifference(`partition ${partition}, signals`, sent, expected.signals) ??
    (ids.size === sent.length ? null : `partition ${partition}: ${sent.length - ids.size} signals came twice`);
  if (difference) throw new Error(difference);
}
