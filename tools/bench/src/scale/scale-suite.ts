import { latencyRows, watchSignals } from '../live/latency';
import { startOurs, type OurOptions } from '../pipeline/our-contestant';
import type { Contestant } from '../pipeline/contestant';
import { middleOf, takeSample, warmUp, type Sample } from '../pipeline/measure';
import { whileCalm } from '../process/calm';
import { createScope } from '../process/scope';
import { below, flatWithin } from '../report/goals';
import { median } from '../report/percentile';
import { formatNumber } from '../report/table';
import type { Row } from '../row';
import type { Suite, SuiteContext } from '../suite';
import { benchSymbols, SYMBOLS, WARM_UP_BARS } from '../symbols';
import { PARTITIONS, startSystem } from '../system/start-system';
import { untilLive } from '../system/until-live';

type Size = Required<Pick<OurOptions, 'symbols' | 'partitions'>>;

/** What all others are compared with. */
const USUAL: Size = { symbols: SYMBOLS, partitions: PARTITIONS };
/** What changes while a bar should go on costing the same. */
const SWEEPS: readonly { readonly name: string; readonly sizes: readonly Size[] }[] = [
  {
    name: 'scale: 100 to 20,000 symbols, dearest ÷ cheapest',
    sizes: [100, 20_000].map((symbols) => ({ symbols, partitions: PARTITIONS })),
  },
  {
    name: 'scale: 1 to 64 partitions, dearest ÷ cheapest',
    sizes: [1, 64].map((partitions) => ({ symbols: SYMBOLS, partitions })),
  },
];
/** Long against what the first steps run ahead of the last one: with 20 000 symbols that is up to 2.2 million bars. */
const WINDOW = { settleMs: 2_000, windowMs: 15_000 };
/** Of each size and the usual one; the ratio is the median of theirs. */
const TURNS = 5;
/** A sample or a window that the host of the machine disturbs is taken again. */
const ATTEMPTS = 3;

const MANY = 10_000;
const MANY_WATCHED_MS = 20_000;
const MANY_TIMEOUT_MS = 600_000;

const nameOf = ({ symbols, partitions }: Size): string =>
  `scale: CPU per bar, ${symbols.toLocaleString('en')} symbols on ${partitions} partition${partitions === 1 ? '' : 's'}`;
const MANY_NAME = `scale: ${MANY.toLocaleString('en')} symbols at one bar a second, `;

/** Whether a bar costs the same in a small system and in a large one, and whether ten times the headline is still live. */
export const scaleSuite: Suite = {
  name: 'scale',
  title: 'scale: from 100 to 20,000 symbols, from 1 to 64 partitions',
  goals: new Map([
    ...SWEEPS.map(({ name }) => [name, flatWithin(0.2)] as const),
    [`${MANY_NAME}bar → signal readable, p99`, below(100)] as const,
  ]),
  async run(context) {
    if (context.quick) {
      context.say('takes minutes: left out of a quick run');
      return [];
    }
    const usual = await start(USUAL, context);
    const rows: Row[] = [];
    for (const { name, sizes } of SWEEPS) {
      const compared: Compared[] = [];
      for (const size of sizes) compared.push(await compare(size, usual, context));
      rows.push(...compared, spreadOf(name, compared));
    }
    await usual.end();
    return [...rows, ...(await manyLive(context))];
  },
};

/** A size with what it costs against the usual one. */
type Compared = Row & { readonly ratio: number };

interface Started {
  readonly name: string;
  readonly contestant: Contestant;
  end(): Promise<void>;
}

async function start(size: Size, { scope: all, useFreeMemory }: SuiteContext): Promise<Started> {
  await useFreeMemory();
  const scope = createScope();
  const leave = all.add(() => scope.end());
  const contestant = await startOurs(scope, size);
  await warmUp(contestant);
  return {
    name: nameOf(size),
    contestant,
    async end() {
      await contestant.stop();
      await leave();
    },
  };
}

/** In turn with the usual size: what a bar costs changes with the minute. */
async function compare(size: Size, usual: Started, context: SuiteContext): Promise<Compared> {
  const other = await start(size, context);
  const calm = { attempts: ATTEMPTS, say: context.say, prepare: context.useFreeMemory };
  const sample = ({ contestant }: Started) => whileCalm(() => takeSample(contestant, WINDOW), calm);
  const turns: { readonly usual: Sample; readonly other: Sample }[] = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push({ usual: await sample(usual), other: await sample(other) });
  await other.end();
  const middle = middleOf(turns.map((turn) => turn.other));
  const baseline = middleOf(turns.map((turn) => turn.usual));
  context.say(`${usual.name}: ${describe(baseline)}`);
  context.say(`${other.name}: ${describe(middle)}`);
  const ratio = median(turns.map((turn) => turn.other.total / turn.usual.total));
  return { name: other.name, value: middle.total, unit: 'µs', baseline: baseline.total, ratio };
}

/** The dearest and the cheapest of some sizes and the usual one, both as multiples of the usual one. */
function spreadOf(name: string, sizes: readonly Compared[]): Row {
  const ratios = [1, ...sizes.map(({ ratio }) => ratio)];
  const [cheapest, dearest] = [Math.min(...ratios), Math.max(...ratios)];
  return { name, value: dearest, unit: '×', baseline: cheapest, ratio: dearest / cheapest };
}

function describe({ total, barsPerSecond, cpu }: Sample): string {
  const shares = [...cpu].map(([name, micros]) => `${name} ${formatNumber(micros)}`).join(', ');
  return `${formatNumber(total)} µs (${shares}), ${formatNumber(barsPerSecond)} bars/s`;
}

async function manyLive({ scope, say, useFreeMemory }: SuiteContext): Promise<Row[]> {
  await useFreeMemory();
  const symbols = benchSymbols(MANY);
  const system = await startSystem(scope, {
    ...{ symbols, workers: 1, profile: null },
    ...{ speed: 'realtime', historyBars: WARM_UP_BARS, whole: false },
  });
  await untilLive(system, symbols, MANY_TIMEOUT_MS);
  const watch = () => watchSignals(system, MANY_WATCHED_MS);
  const { read, whole } = await whileCalm(watch, { attempts: 2 * ATTEMPTS, say });
  await system.stop();
  say(`${read.length} live signals of ${MANY.toLocaleString('en')} symbols in ${MANY_WATCHED_MS / 1_000} s`);
  return [
    ...latencyRows(`${MANY_NAME}bar → signal readable`, read),
    ...latencyRows(`${MANY_NAME}end of the bar → signal readable`, whole),
  ];
}
