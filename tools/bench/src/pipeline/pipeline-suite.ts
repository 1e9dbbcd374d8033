import { whileCalm } from '../process/calm';
import { atLeast, atMost, ratioAtLeast } from '../report/goals';
import { formatNumber } from '../report/table';
import type { Row } from '../row';
import type { Suite, SuiteContext } from '../suite';
import { startBaseline } from './baseline-contestant';
import type { Contestant } from './contestant';
import { middleOf, takeSample, warmUp, type Sample, type Window } from './measure';
import { startOurs } from './our-contestant';

interface Plan extends Window {
  readonly rounds: number;
  /** How often a turn is taken at most, while the host of the machine disturbs it. */
  readonly attempts: number;
  /** Workers of a second system of ours, 0 = there is none. */
  readonly moreWorkers: number;
}

const QUICK: Plan = { rounds: 2, attempts: 1, settleMs: 500, windowMs: 1_500, moreWorkers: 0 };
const FULL: Plan = { rounds: 5, attempts: 3, settleMs: 2_000, windowMs: 8_000, moreWorkers: 2 };

/** The whole way of a bar, ours against both baselines, in turn. */
export const pipelineSuite = (bundle: string): Suite => ({
  name: 'pipeline',
  title: 'pipeline: generator, ingestion, calculation, evaluation and Redis; 1 000 symbols as fast as they go',
  goals: new Map([
    ['pipeline: CPU per bar, naive as baseline', ratioAtLeast(50)],
    ['pipeline: CPU per bar, pipelined as baseline', ratioAtLeast(15)],
    ['pipeline: throughput, naive as baseline', atLeast(100_000)],
    ['pipeline: CPU per bar', atMost(10)],
  ]),
  async run(context) {
    const plan = context.quick ? QUICK : FULL;
    const calm = { attempts: plan.attempts, say: context.say, prepare: context.useFreeMemory };
    await context.useFreeMemory();
    const contestants = await startAll(bundle, plan, context);
    if (!context.quick) for (const contestant of contestants) await warmUp(contestant);
    const samples = new Map(contestants.map(({ name }) => [name, [] as Sample[]]));
    for (let round = 1; round <= plan.rounds; round++) {
      for (const contestant of contestants) {
        const sample = await whileCalm(() => takeSample(contestant, plan), calm);
        samples.get(contestant.name)?.push(sample);
        context.say(`round ${round} of ${plan.rounds}, ${contestant.name}: ${describe(sample)}`);
      }
    }
    return rowsOf(new Map([...samples].map(([name, all]) => [name, middleOf(all)])));
  },
});

async function startAll(
  bundle: string,
  { moreWorkers }: Plan,
  { scope, profile }: SuiteContext,
): Promise<Contestant[]> {
  const [ours, naive, pipelined] = await Promise.all([
    startOurs(scope, { profile }),
    startBaseline(scope, bundle, 'naive'),
    startBaseline(scope, bundle, 'pipelined'),
  ]);
  const more = moreWorkers > 0 ? [await startOurs(scope, { workers: moreWorkers })] : [];
  return [ours, ...more, naive, pipelined];
}

const describe = ({ barsPerSecond, total }: Sample): string =>
  `${formatNumber(barsPerSecond)} bars/s, ${formatNumber(total)} CPU-µs per bar`;

function rowsOf(middles: ReadonlyMap<string, Sample>): Row[] {
  const ours = middles.get('wagehood') as Sample;
  const rows: Row[] = [{ name: 'pipeline: CPU per bar', value: ours.total, unit: 'µs' }];
  for (const name of ['naive', 'pipelined']) {
    const { total } = middles.get(name) as Sample;
    const row = { value: ours.total, unit: 'µs', baseline: total, ratio: total / ours.total };
    rows.push({ name: `pipeline: CPU per bar, ${name} as baseline`, ...row });
  }
  for (const name of ['naive', 'pipelined']) {
    const { barsPerSecond } = middles.get(name) as Sample;
    const ratio = ours.barsPerSecond / barsPerSecond;
    const row = { value: ours.barsPerSecond, unit: 'bars/s', baseline: barsPerSecond, ratio };
    rows.push({ name: `pipeline: throughput, ${name} as baseline`, ...row });
  }
  for (const [process, micros] of ours.cpu)
    rows.push({ name: `pipeline: CPU per bar in ${process}`, value: micros, unit: 'µs' });
  for (const [name, { total, barsPerSecond }] of middles) {
    if (!name.startsWith('wagehood,')) continue;
    rows.push({ name: `pipeline: CPU per bar, ${name}`, value: total, unit: 'µs' });
    rows.push({ name: `pipeline: throughput, ${name}`, value: barsPerSecond, unit: 'bars/s' });
  }
  return rows;
}
