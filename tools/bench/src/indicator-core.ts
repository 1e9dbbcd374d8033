import type { Bar } from '@wagehood/market';
import { decisionCoreBench } from './decision-core';
import { assertAgreement } from './indicator-agreement';
import { walkBars } from './indicator-bars';
import { handWritten } from './indicator-bound';
import { BARS, type Contender } from './indicator-contender';
import { ourEngine } from './indicator-engine';
import { technicalIndicators, tradingSignals } from './indicator-rivals';
import { ratioAtLeast, ratioAtMost, type Goal } from './report/goals';
import type { Row } from './row';
import type { Suite } from './suite';

/** Who runs, and how much in one go: about five milliseconds, so that all are measured under the same conditions, in turn. */
const CONTENDERS = [
  { create: ourEngine, updates: 150_000 },
  { create: handWritten, updates: 150_000 },
  { create: tradingSignals, updates: 8_000 },
  { create: technicalIndicators, updates: 2_000 },
] as const;

const WARM_UPDATES = 200_000;
const WARM_ROUNDS = 40;

/** How many series, how many turns, and what the rows are called. */
interface Field {
  readonly series: number;
  readonly turns: number;
  readonly label: string;
}

function fields(quick: boolean): readonly [Field, Field] {
  const many = quick ? 1_000 : 10_000;
  return [
    { series: 1, turns: quick ? 40 : 200, label: 'one hot symbol' },
    { series: many, turns: quick ? 11 : 21, label: `${many.toLocaleString('en')} symbols in turn` },
  ];
}

const rowName = (label: string, rival: string) => `indicators, ${label}, against ${rival}`;

/**
 * Nanoseconds per update of SMA 20, EMA 20, RSI 14, MACD 12/26/9 and Bollinger 20/2 of our engine, against a hand-written bound
 * (ratio: how many times slower we are) and against two libraries (ratio: how many times faster). Medians of turns in one run.
 */
export async function indicatorCoreBench({ quick }: { readonly quick: boolean }): Promise<Row[]> {
  const bars = walkBars(BARS, 7);
  assertAgreement(ourEngine(1), handWritten(1), bars, 1e-12, 1e-9);
  assertAgreement(ourEngine(1), tradingSignals(1), bars, 1e-9, 1e-6);
  assertAgreement(ourEngine(1), technicalIndicators(1), bars, 1e-9, 0.00501);
  return [...fields(quick).flatMap((field) => measure(field, bars)), decisionCoreBench(bars, quick ? 21 : 101)];
}

function measure({ series, turns, label }: Field, bars: readonly Bar[]): Row[] {
  const runners = CONTENDERS.map(({ create, updates }) => ({
    contender: create(series),
    rounds: Math.ceil(updates / series),
  }));
  const times = runners.map(({ contender, rounds }) => {
    contender.run(bars, 0, Math.max(WARM_ROUNDS, series === 1 ? Math.min(WARM_UPDATES, 20 * rounds) : 0));
    return new Float64Array(turns);
  });
  for (let turn = 0; turn < turns; turn++)
    runners.forEach(({ contender, rounds }, i) => {
      (times[i] as Float64Array)[turn] = timePerUpdate(contender, bars, turn * rounds, rounds, series);
    });
  const [ours, bound, ...rivals] = times.map(median) as [number, number, number, number];
  return [
    row(rowName(label, BOUND), ours, bound, ours / bound),
    ...RIVALS.map((rival, i) => row(rowName(label, rival), ours, rivals[i] as number, (rivals[i] as number) / ours)),
  ];
}

const BOUND = 'the hand-written bound';
const RIVALS = ['trading-signals', 'technicalindicators'] as const;

function timePerUpdate(
  contender: Contender,
  bars: readonly Bar[],
  first: number,
  rounds: number,
  series: number,
): number {
  const startedAt = process.hrtime.bigint();
  contender.run(bars, first, rounds);
  return Number(process.hrtime.bigint() - startedAt) / (rounds * series);
}

function median(times: Float64Array): number {
  return times.slice().sort()[times.length >> 1] as number;
}

function row(name: string, value: number, baseline: number, ratio: number): Row {
  const digits = (number: number) => Number(number.toPrecision(4));
  return { name, value: digits(value), unit: 'ns/update', baseline: digits(baseline), ratio: digits(ratio) };
}

function goals(): ReadonlyMap<string, Goal> {
  const all = [...fields(true), ...fields(false)].flatMap(({ series, label }) => [
    [rowName(label, BOUND), ratioAtMost(1.5)] as const,
    ...RIVALS.map((rival) => [rowName(label, rival), ratioAtLeast(series === 1 ? 10 : 5)] as const),
  ]);
  return new Map(all);
}

/** The figures of the indicator core as a suite of the bench. */
export const indicatorCoreSuite: Suite = {
  name: 'indicators',
  title: 'indicator core: five indicators per update; strategies per bar',
  goals: goals(),
  run: ({ quick }) => indicatorCoreBench({ quick }),
};
