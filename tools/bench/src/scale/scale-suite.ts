import { watchSignals } from '../live/latency';
import { startOurs, type OurOptions } from '../pipeline/our-contestant';
import { middleOf, takeSample, warmUp } from '../pipeline/measure';
import { whileCalm } from '../process/calm';
import { createScope } from '../process/scope';
import { below, ratioWithin } from '../report/goals';
import { percentile } from '../report/percentile';
import { formatNumber } from '../report/table';
import type { Row } from '../row';
import type { Suite, SuiteContext } from '../suite';
import { benchSymbols, SYMBOLS, WARM_UP_BARS } from '../symbols';
import { PARTITIONS, startSystem } from '../system/start-system';
import { untilLive } from '../system/until-live';

/** What is compared with 1 000 symbols on 16 partitions. */
const SIZES: readonly Required<Pick<OurOptions, 'symbols' | 'partitions'>>[] = [
  { symbols: 100, partitions: PARTITIONS },
  { symbols: 20_000, partitions: PARTITIONS },
  { symbols: SYMBOLS, partitions: 1 },
  { symbols: SYMBOLS, partitions: 64 },
];
const WINDOW = { settleMs: 2_000, windowMs: 6_000 };
const SAMPLES = 3;
/** A sample or a window that the host of the machine disturbs is taken again. */
const ATTEMPTS = 3;

const MANY = 10_000;
const MANY_WATCHED_MS = 20_000;
const MANY_TIMEOUT_MS = 600_000;

const nameOf = ({ symbols, partitions }: (typeof SIZES)[number]): string =>
  `scale: CPU per bar, ${symbols.toLocaleString('en')} symbols on ${partitions} partition${partitions === 1 ? '' : 's'}`;
const MANY_NAME = `scale: ${MANY.toLocaleString('en')} symbols at one bar a second, bar → signal readable`;

/** Whether a bar costs the same in a small system and in a large one, and whether ten times the headline is still live. */
export const scaleSuite: Suite = {
  name: 'scale',
  title: 'scale: from 100 to 20,000 symbols, from 1 to 64 partitions',
  goals: new Map([
    ...SIZES.map((size) => [nameOf(size), ratioWithin(0.2)] as const),
    [`${MANY_NAME}, p99`, below(100)] as const,
  ]),
  async run(context) {
    if (context.quick) {
      context.say('takes minutes: left out of a quick run');
      return [];
    }
    const usual = await costOf({ symbols: SYMBOLS, partitions: PARTITIONS }, context);
    const rows: Row[] = [];
    for (const size of SIZES) {
      const value = await costOf(size, context);
      rows.push({ name: nameOf(size), value, unit: 'µs', baseline: usual, ratio: value / usual });
    }
    return [...rows, ...(await manyLive(context))];
  },
};

async function costOf(size: (typeof SIZES)[number], { scope: all, say, useFreeMemory }: SuiteContext): Promise<number> {
  await useFreeMemory();
  const scope = createScope();
  const end = all.add(() => scope.end());
  const contestant = await startOurs(scope, size);
  await warmUp(contestant);
  const calm = { attempts: ATTEMPTS, say, prepare: useFreeMemory };
  const samples = [];
  for (let i = 0; i < SAMPLES; i++) samples.push(await whileCalm(() => takeSample(contestant, WINDOW), calm));
  const { total, barsPerSecond, cpu } = middleOf(samples);
  await contestant.stop();
  await end();
  const shares = [...cpu].map(([name, micros]) => `${name} ${formatNumber(micros)}`).join(', ');
  say(`${nameOf(size)}: ${formatNumber(total)} µs (${shares}), ${formatNumber(barsPerSecond)} bars/s`);
  return total;
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
  const { read } = await whileCalm(watch, { attempts: 2 * ATTEMPTS, say });
  await system.stop();
  say(`${read.length} live signals of ${MANY.toLocaleString('en')} symbols in ${MANY_WATCHED_MS / 1_000} s`);
  return [50, 99].map((p) => ({ name: `${MANY_NAME}, p${p}`, value: percentile(read, p / 100), unit: 'ms' }));
}
