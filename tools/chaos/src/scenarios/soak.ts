import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from '@wagehood/fleet';
import { partitionTags, streamKey, type StreamName } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { percentile } from '../fleet/meter';
import type { Scenario } from '../scenario';

const EVERY_MS = 10_000;
const REWRITE_EVERY = 12;
/** Bars that a stream keeps, and how far a stage may run ahead of a snapshot on top of that. */
const [MAXLEN, MOST_BARS] = [10_000, 40_000];
/** Growth of a process' memory, once it has run for a while. */
const MOST_MB_PER_HOUR = 25;
/** A slope of less than this says nothing. */
const SHORTEST_SLOPE_S = 900;
const STREAMS: readonly StreamName[] = ['market_data_stream', 'calculation_events_stream', 'signal_stream'];

interface Look {
  readonly atS: number;
  readonly mb: number;
}

export const soak: Scenario = {
  name: 'soak',
  strikes: 360,
  title:
    'an hour without faults: memory, streams, pending entries and consumers stay as they are, the file is rewritten under load',
  async run(context) {
    const services = { 'calculation-worker': 2, 'strategy-evaluator': 1, alerting: 1, ingestion: 1 };
    const settings = { system: { redis_streams_maxlen: MAXLEN } };
    const fleet = await ChaosFleet.start(context, { services, settings });
    const memory = new Map<ServiceProcess, Look[]>(fleet.crew.map((service) => [service, []]));
    const rewritten: number[] = [];
    let longest = 0;
    try {
      fleet.meter.takeSignalLatencies();
      for (let n = 1; n <= context.strikes && context.hasTime(); n++) {
        await delay(EVERY_MS);
        for (const [service, looks] of memory)
          looks.push({ atS: performance.now() / 1_000, mb: await residentMb(service) });
        longest = Math.max(longest, await longestStream(fleet));
        if (longest > MOST_BARS) throw new Error(`a stream holds ${longest} bars, at most ${MOST_BARS} are of use`);
        if (n % REWRITE_EVERY === 0) rewritten.push(await rewriteFile(fleet));
        await fleet.look();
        if (n % 30 === 0) context.say(`${Math.round((n * EVERY_MS) / 60_000)} minutes`);
      }
      const latencies = fleet.meter.takeSignalLatencies();
      const { bars, signals } = await fleet.verify();
      return {
        ...{ bars, signals, 'longest stream, bars': longest },
        ...{ 'rewrites of the file': rewritten.length, 'file after a rewrite, MB at most': Math.max(...rewritten) },
        'p99 from bar to signal, ms': Math.round(percentile(latencies, 0.99)),
        ...slopesOf(memory),
      };
    } finally {
      await fleet.stop();
    }
  },
};

/**
 * Has Redis rewrite its file while bars flow.
 * @returns how large the file is then, MB
 * @throws Error when that does not succeed
 */
async function rewriteFile({ system: { link } }: ChaosFleet): Promise<number> {
  const persistence = async (): Promise<string> => link.commands.info('persistence');
  await link.commands.bgrewriteaof();
  await until(async () => /aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0/.test(await persistence()), {
    ...{ timeoutMs: 120_000, everyMs: 100, what: 'the file rewritten' },
  });
  const after = await persistence();
  if (!after.includes('aof_last_bgrewrite_status:ok')) throw new Error(`the file could not be rewritten: ${after}`);
  return Math.round(Number(/aof_current_size:(\d+)/.exec(after)?.[1]) / 2 ** 20);
}

async function residentMb({ pid }: ServiceProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1_024;
}

async function longestStream({ system: { link, partitions } }: ChaosFleet): Promise<number> {
  const barsAt = (entry: [string, string[]] | undefined): number =>
    Number(entry?.[1][entry[1].indexOf('bars') + 1] ?? 0);
  const lengths = partitionTags(partitions).flatMap((tag) =>
    STREAMS.map(async (stream) => {
      const key = streamKey(stream, tag);
      const [first] = await link.commands.xrange(key, '-', '+', 'COUNT', 1);
      const [last] = await link.commands.xrevrange(key, '+', '-', 'COUNT', 1);
      return barsAt(last) - barsAt(first);
    }),
  );
  return Math.max(...(await Promise.all(lengths)));
}

/** By least squares over the second half, when everything has found its size. */
function slopesOf(memory: ReadonlyMap<ServiceProcess, readonly Look[]>): Record<string, string> {
  const figures: Record<string, string> = {};
  for (const [{ name, pid }, looks] of memory) {
    const half = looks.slice(Math.floor(looks.length / 2));
    const [first, last] = [half[0], half.at(-1)];
    if (!first || !last) continue;
    const mean = (of: (look: Look) => number) => half.reduce((sum, look) => sum + of(look), 0) / half.length;
    const [meanS, meanMb] = [mean(({ atS }) => atS), mean(({ mb }) => mb)];
    const up = half.reduce((sum, { atS, mb }) => sum + (atS - meanS) * (mb - meanMb), 0);
    const perHour = (3_600 * up) / half.reduce((sum, { atS }) => sum + (atS - meanS) ** 2, 0);
    const all = half.map(({ mb }) => mb);
    const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)} MB`;
    figures[`memory of ${name} ${pid}`] = `${range}, ${perHour.toFixed(1)} MB/h`;
    if (last.atS - first.atS >= SHORTEST_SLOPE_S && perHour > MOST_MB_PER_HOUR)
      throw new Error(`the memory of ${name} grows by ${perHour.toFixed(1)} MB an hour: ${range}`);
  }
  return figures;
}
