import fc from 'fast-check';
import { runBatch } from '../batch';
import { expectSameBits, run, type Law, type Subject } from './laws';
import { anyMarket, inCurrency, walk } from './markets';

/** Laws about the values that come out. */
export function valueLaws(subject: Subject): Law[] {
  const market = anyMarket(Math.min(2_000, 3 * subject.warmup + 20));
  const always = (check: (bars: ReturnType<typeof walk>) => void) => () => {
    fc.assert(fc.property(market, check), { numRuns: 60 });
  };
  return [
    { name: 'has no value until it is warm, every value from then on', check: () => checkWarmup(subject) },
    {
      name: 'is deterministic',
      check: always((bars) => expectSameBits(run(subject, bars), run(subject, bars))),
    },
    {
      name: 'gives the same in a batch as bar by bar',
      check: always((bars) => {
        const rows = run(subject, bars);
        const columns = subject.plan.columns.map((_, i) => Float64Array.from(rows, (row) => row[i] as number));
        expectSameBits(runBatch(subject.plan, bars), columns);
      }),
    },
    {
      name: 'makes finite values of finite bars, and once it has one it has one for ever',
      check: always((bars) => checkFinite(run(subject, bars))),
    },
    {
      name: 'keeps every bit when prices are × 1024',
      check: always((bars) => {
        const scaled = run(subject, bars).map((row) => row.map((value) => value * rateOf(subject, 1024)));
        expectSameBits(run(subject, inCurrency(bars, 1024)), scaled);
      }),
    },
    { name: 'keeps nine digits when prices are × 1000', check: () => checkDecimalScale(subject) },
  ];
}

function checkWarmup(subject: Subject): void {
  const rows = run(subject, walk(subject.warmup + 50, 1));
  const complete = rows.map((row) => row.every((value) => !Number.isNaN(value)));
  expect(complete.indexOf(true)).toBe(subject.warmup - 1);
  expect(complete.slice(subject.warmup - 1)).not.toContain(false);
}

function checkFinite(rows: readonly Float64Array[]): void {
  rows.forEach((row, at) =>
    row.forEach((value, column) => {
      const before = rows[at - 1]?.[column] ?? NaN;
      if (!Number.isFinite(value) && !(Number.isNaN(value) && Number.isNaN(before)))
        throw new Error(`column ${column} is ${value} at bar ${at}, after ${before}`);
    }),
  );
}

function checkDecimalScale(subject: Subject): void {
  const bars = walk(2 * subject.warmup + 200, 2);
  const scaled = run(subject, inCurrency(bars, 1000));
  run(subject, bars).forEach((row, at) =>
    row.forEach((value, column) => {
      const expected = value * rateOf(subject, 1000);
      const actual = scaled[at]?.[column] as number;
      const unit = subject.definition.scale === 'price' ? (bars[at]?.close as number) * 1000 : 100;
      if (Math.abs(actual - expected) > 1e-9 * Math.max(Math.abs(expected), unit))
        throw new Error(`column ${column} is ${actual} at bar ${at}, expected ${expected}`);
    }),
  );
}

function rateOf({ definition }: Subject, rate: number): number {
  return definition.scale === 'price' ? rate : 1;
}
