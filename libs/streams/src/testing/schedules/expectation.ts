import { readBatch, type BarEvent, type CorrectionEntry, type WarmupEntry } from '@wagehood/contracts';
import { historyIndexKey, latestKey, stageKey, stateKey, streamKey } from '../../layout/keys';
import { readHistory } from '../../read/history-reader';
import type { RedisClient } from '../../redis/connect';
import { parseEntry, type LogEntry } from '../../stage/log-entry';
import { unpackState } from '../../stage/partition-store';
import type { Outbox } from '../../stage/processor';
import { JsonWriter } from '../../json/json-writer';
import { revisedBar } from '../bars';
import { countingProcessor } from '../counting';
import { RevisionCheck } from './revision-check';

/** What one process that never died would have made of the input that is there. */
interface Expectation {
  /** A correction counts as one. */
  readonly events: string[];
  outBars: number;
  readonly latest: Map<string, string>;
  readonly rows: Map<string, number[][]>;
  readonly cells: Map<string, number[]>;
}

function foldBatch(entries: readonly LogEntry[]): Expectation {
  const processor = countingProcessor();
  const made: Expectation = { events: [], outBars: 0, latest: new Map(), rows: new Map(), cells: new Map() };
  const writer = new JsonWriter();
  const outbox = {
    open: () => writer,
    close(_cell: string, series: string) {
      const json = writer.take().toString();
      made.events.push(json);
      made.outBars++;
      made.latest.set(series, json);
    },
    correction(json: string, events: number, _cell: string, series: string, latest: string) {
      made.events.push(json);
      made.outBars += events;
      made.latest.set(series, latest);
    },
    row(_cell: string, series: string, _columns: readonly string[], [time = 0, ...values]: Float64Array) {
      const earlier = (made.rows.get(series) ?? []).filter(([before = 0]) => before < time);
      made.rows.set(series, [...earlier, [time, ...values]]);
    },
  } as unknown as Outbox;
  for (const entry of entries) for (const item of processor.decode(entry)) processor.step(item, entry, outbox);
  for (const cell of made.latest.keys()) made.cells.set(cell, [...(processor.save(cell, 0) ?? [])]);
  return made;
}

const readStream = async (client: RedisClient, key: string): Promise<LogEntry[]> =>
  (await client.xrange(key, '-', '+')).map(parseEntry);

const sorted = (map: Iterable<readonly [string, unknown]>): string =>
  JSON.stringify([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Compares what is in Redis with the batch fold of the input that survived: every event once and in order, state, latest
 * values and history to match, and no accepted bar missing.
 * @param input every entry that survived, trimmed ones included
 * @param accepted bars per symbol that the producer was told are in the log
 * @param corrected revisions by symbol and number of the bar that the producer was told are there
 * @returns what is wrong, null when nothing is
 */
export async function violationIn(
  client: RedisClient,
  tag: string,
  input: readonly LogEntry[],
  accepted: ReadonlyMap<string, number>,
  corrected: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Promise<string | null> {
  const output = await readStream(client, streamKey('calculation_events_stream', tag));
  const lost = lostInput(input, accepted, corrected);
  if (lost) return lost;
  const expected = foldBatch(input);
  const wrong = uncorrected(expected, accepted, corrected);
  if (wrong) return wrong;

  const events = output.flatMap(({ kind, data }) =>
    kind === 'correction' ? [data] : readBatch(data).map((event) => JSON.stringify(event)),
  );
  const at = expected.events.findIndex((event, i) => event !== events[i]);
  if (at >= 0) return `event ${at} is ${events[at]}, expected ${expected.events[at]}`;
  if (events.length > expected.events.length) return `${events.length - expected.events.length} events too many`;
  for (const [i, { offset, bars }] of output.entries())
    if (offset !== i + 1 || bars > expected.outBars) return `output entry ${offset} (${bars} bars) at place ${i + 1}`;

  const stage = await client.hgetall(stageKey('calculation', tag));
  const standing = [stage['off'], stage['out'], stage['outBars'], stage['offBars']].map(Number);
  const due = [input.length, output.length, expected.outBars, input.at(-1)?.bars ?? 0];
  if (standing.join() !== due.join()) return `the stage stands at ${standing.join()}, expected ${due.join()}`;
  return differenceFrom(expected, client, tag);
}

/** Compares latest values, states and history in Redis with the batch fold of the input; null when they are the same. */
export const storedViolation = (client: RedisClient, tag: string, input: readonly LogEntry[]): Promise<string | null> =>
  differenceFrom(foldBatch(input), client, tag);

function lostInput(
  input: readonly LogEntry[],
  accepted: ReadonlyMap<string, number>,
  corrected: ReadonlyMap<string, ReadonlyMap<number, number>>,
): string | null {
  const seen = new Map<string, number>();
  const warm = new Map<string, number>();
  const revisions = new RevisionCheck();
  for (const [i, { offset, kind, data }] of input.entries()) {
    if (offset !== i + 1) return `input entry ${offset} at place ${i + 1}`;
    if (kind === 'control') continue;
    if (kind === 'warmup') {
      const wrong = misplaced(JSON.parse(data) as WarmupEntry, seen, warm);
      if (wrong) return `input entry ${offset}: ${wrong}`;
      continue;
    }
    if (kind === 'correction') {
      const wrong = revisions.take(JSON.parse(data) as CorrectionEntry, seen);
      if (wrong) return `input entry ${offset}: ${wrong}`;
      continue;
    }
    if (kind !== 'bar') return `input entry ${offset} is of kind ${kind}: ${data}`;
    for (const { symbol, close } of readBatch(data) as BarEvent[]) {
      const n = Math.floor(close);
      if (n !== (seen.get(symbol) ?? 0) + 1) return `bar ${n} of ${symbol} came after ${seen.get(symbol) ?? 0}`;
      seen.set(symbol, n);
    }
  }
  const short = [...accepted].find(([symbol, bars]) => seen.get(symbol) !== bars);
  if (short) return `${short[0]} has ${seen.get(short[0]) ?? 0} of ${short[1]} accepted bars`;
  return revisions.missing(corrected);
}

/** In the end every symbol stands where the corrected bars alone would have brought it. */
function uncorrected(
  { latest }: Expectation,
  accepted: ReadonlyMap<string, number>,
  corrected: ReadonlyMap<string, ReadonlyMap<number, number>>,
): string | null {
  for (const [symbol, bars] of accepted) {
    let sum = 0;
    for (let n = 1; n <= bars; n++) sum += revisedBar(symbol, n, corrected.get(symbol)?.get(n) ?? 0).close * n;
    const shown = JSON.parse(latest.get(`${symbol}|1s`) ?? '{}') as { sum?: number };
    if (shown.sum !== sum) return `${symbol} stands at ${shown.sum}, its corrected bars at ${sum}`;
  }
  return null;
}

/** A past is whole, ends with the last bar before it, and comes once under each configuration. */
function misplaced(
  { symbol, version, bars }: WarmupEntry,
  seen: ReadonlyMap<string, number>,
  warm: Map<string, number>,
): string | null {
  const broken = bars.some(({ close }, i) => Math.floor(close) !== i + 1);
  if (broken || bars.length !== seen.get(symbol))
    return `a past of ${bars.length} bars of ${symbol}, which has ${seen.get(symbol) ?? 0}`;
  if ((warm.get(symbol) ?? 0) >= version) return `the past of ${symbol} came twice under version ${version}`;
  warm.set(symbol, version);
  return null;
}

async function differenceFrom(expected: Expectation, client: RedisClient, tag: string): Promise<string | null> {
  const latest = await client.hgetall(latestKey(tag));
  if (sorted(Object.entries(latest)) !== sorted(expected.latest))
    return `latest values are ${sorted(Object.entries(latest))}`;

  const state = await client.hgetallBuffer(stateKey('calculation', tag));
  const cells = Object.entries(state).map(([cell, packed]) => [cell, [...unpackState(packed).bytes]] as const);
  if (sorted(cells) !== sorted(expected.cells)) return `states are ${sorted(cells)}`;

  for (const series of await client.hkeys(historyIndexKey(tag))) {
    const history = await readHistory(client, tag, series, { from: 0, to: Infinity, limit: Infinity });
    const rows = history?.pages.flatMap((page) => page.rows.map((row) => [...row])) ?? [];
    if (JSON.stringify(rows) !== JSON.stringify(expected.rows.get(series)))
      return `history of ${series} is ${JSON.stringify(rows)}`;
  }
  return null;
}
