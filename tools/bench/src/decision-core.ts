import { indicatorPlanOf, settingsSchema, strategyPlanOf } from '@wagehood/config';
import { createCatalog, createEngine } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import { createStrategyCatalog, createStrategyEngine } from '@wagehood/strategies';
import { BAR_MASK, SHIFT_MASK } from './indicator-contender';
import type { Row } from './row';

const SERIES = 1_000;
/** Rounds of all series before the first that is timed, and in one turn. */
const WARM_ROUNDS = 400;
const TURN_ROUNDS = 10;

/** What a bar of one symbol costs from its close to the decisions on it. */
export const DECISION_ROW = `the default indicators and strategies, ${SERIES.toLocaleString('en')} symbols in turn`;

/**
 * Nanoseconds per bar of the seven indicators and five strategies of the default settings, both engines as the workers use them,
 * over many series in turn. The baseline is the share of the indicators, the ratio how many times as much the whole costs.
 */
export function decisionCoreBench(bars: readonly Bar[], turns: number): Row {
  const both = createRounds(bars, true);
  const indicators = createRounds(bars, false);
  both(WARM_ROUNDS);
  indicators(WARM_ROUNDS);
  const times = Array.from({ length: turns }, () => [both(TURN_ROUNDS), indicators(TURN_ROUNDS)] as const);
  const [value, baseline] = [median(times.map(([all]) => all)), median(times.map(([, some]) => some))];
  return {
    name: DECISION_ROW,
    value: digits(value),
    unit: 'ns/bar',
    baseline: digits(baseline),
    ratio: digits(value / baseline),
  };
}

/** Runs rounds of a bar for every series, and says how many nanoseconds a bar took. */
function createRounds(bars: readonly Bar[], deciding: boolean): (rounds: number) => number {
  const settings = settingsSchema.parse({});
  const plan = indicatorPlanOf(settings, createCatalog());
  const indicators = createEngine(plan, SERIES);
  const strategies = createStrategyEngine(strategyPlanOf(settings, createStrategyCatalog(), plan), SERIES);
  for (let i = 0; i < SERIES; i++) indicators.add();
  for (let i = 0; i < SERIES; i++) strategies.add();
  const values = new Float64Array(plan.columns.length);
  let round = 0;
  return (rounds) => {
    const startedAt = process.hrtime.bigint();
    for (const end = round + rounds; round < end; round++)
      for (let i = 0; i < SERIES; i++) {
        const bar = bars[(round + (i & SHIFT_MASK)) & BAR_MASK] as Bar;
        indicators.step(i, bar, values);
        if (deciding) strategies.step(i, bar, values, ignore);
      }
    return Number(process.hrtime.bigint() - startedAt) / (rounds * SERIES);
  };
}

const ignore = () => undefined;

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
