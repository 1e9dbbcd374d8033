import type { Witness } from '@wagehood/fleet';
import type { Reader } from '@wagehood/streams';
import { SERVICES, type Cluster, type Service } from './cluster';
import { patiently } from './patiently';

export interface JourneyOptions {
  readonly cluster: Cluster;
  readonly reader: Reader;
  readonly witness: Witness;
  readonly partitions: number;
  /** Symbols added to the watchlist, so that something flows while everything moves. */
  readonly symbols: readonly string[];
  readonly report: (line: string) => void;
}

export interface Outcome {
  readonly bars: number;
  readonly signals: number;
  readonly series: number;
  readonly answered: number;
}

const STAGES: readonly { readonly service: Service; readonly stage: 'calculation' | 'strategy' | 'alerting' }[] = [
  { service: 'calculation-worker', stage: 'calculation' },
  { service: 'strategy-evaluator', stage: 'strategy' },
  { service: 'alerting', stage: 'alerting' },
];

/**
 * Everything that may happen to a healthy installation, while bars flow: workers come and go, more of them than there is work,
 * every service is replaced, one replica of each is killed. The witness computes all values and signals anew from the bars.
 * @throws Error that says what was lost, wrong or refused
 */
export async function travel(options: JourneyOptions): Promise<Outcome> {
  const { cluster, witness, report } = options;
  report('healthy, and signals through the api');
  await settle(options);
  await watch(options);
  await scaleWorkers(options);
  await rollEverything(options);
  await killOneOfEach(options);
  report('ingestion ends, the rest is worked off');
  await cluster.scale('ingestion', 0);
  await atRest(options);
  const { bars, signals, series } = await witness.conclude();
  const { answered } = await cluster.seen();
  return { bars, signals, series: series.size, answered };
}

async function watch({ cluster, symbols, report }: JourneyOptions): Promise<void> {
  report(`${symbols.length} more symbols`);
  await patiently('an answer to the new watchlist', async () => {
    const { status, body } = await cluster.ask('POST', '/watchlist', { symbols });
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return true;
  });
  const symbol = symbols[0] ?? '';
  await patiently(`signals of ${symbol}`, async () => {
    const answer = await cluster.ask('GET', `/signals/${symbol}?limit=1`);
    return answer.status === 200 && (answer.body as { signals: unknown[] }).signals.length > 0;
  });
}

/** More replicas than partitions: what has no partition stands by, ready. */
async function scaleWorkers(options: JourneyOptions): Promise<void> {
  const { cluster, partitions, report } = options;
  for (const replicas of [3, partitions + 1, 2]) {
    report(`calculation-worker × ${replicas}`);
    await cluster.scale('calculation-worker', replicas);
    await settle(options);
    await sharedBy(options, Math.min(replicas, partitions));
  }
}

async function sharedBy({ reader }: JourneyOptions, owners: number): Promise<void> {
  await patiently(`all partitions with ${owners} workers`, async () => {
    const stats = await reader.stageStats('calculation');
    return stats.every(({ owner }) => owner !== '') && new Set(stats.map(({ owner }) => owner)).size === owners;
  });
}

async function rollEverything(options: JourneyOptions): Promise<void> {
  const { cluster, report } = options;
  const before = await cluster.seen();
  for (const service of SERVICES) {
    report(`a new ${service}`);
    await cluster.roll(service);
    await settle(options);
  }
  const { answered, failed, reason } = await cluster.seen();
  if (failed > before.failed) throw new Error(`${failed - before.failed} requests failed while rolling: ${reason}`);
  if (answered <= before.answered) throw new Error('the client has asked nothing while rolling');
  report(`${answered - before.answered} requests answered, none failed`);
}

async function killOneOfEach(options: JourneyOptions): Promise<void> {
  for (const service of SERVICES) {
    options.report(`one ${service} is killed`);
    await options.cluster.kill(service);
    await settle(options);
  }
}

/** Healthy, the witness content so far, and bars moving on in every stage. */
async function settle({ cluster, reader, witness }: JourneyOptions): Promise<void> {
  await patiently('health', async () => {
    const { body } = await cluster.ask('GET', '/health');
    return (body as { status?: string }).status === 'healthy';
  });
  await witness.look();
  const doneBy = async () => {
    const stats = await Promise.all(STAGES.slice(0, 2).map(({ stage }) => reader.stageStats(stage)));
    return stats.map((stage) => stage.reduce((sum, { bars }) => sum + bars, 0));
  };
  const before = await doneBy();
  await patiently('bars that move on', async () =>
    (await doneBy()).every((bars, index) => bars > (before[index] ?? 0)),
  );
}

async function atRest({ reader }: JourneyOptions): Promise<void> {
  let before = '';
  await patiently('the pipeline at rest', async () => {
    const stats = await Promise.all(STAGES.map(({ stage }) => reader.stageStats(stage)));
    const [last, now] = [before, JSON.stringify(stats)];
    before = now;
    return now === last && stats.flat().every(({ off, tail }) => off === tail);
  });
}
