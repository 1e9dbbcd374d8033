import type { Bar } from '@wagehood/market';
import { atSomeBars, type Law, type Subject } from './laws';
import type { Fired } from './run-strategies';

/** That the state is all there is: what is decided follows from the bars so far, however they were fed. */
export function stateLaws(subject: Subject): Law[] {
  return [
    { name: 'is deterministic', check: () => isDeterministic(subject) },
    { name: 'keeps its state through serialisation after every bar', check: () => survivesSerialisation(subject) },
    { name: 'may be split at any bar', check: () => atSomeBars((cut) => survivesSplit(subject, cut)) },
    {
      name: 'decides the same on a bar whatever follows it',
      check: () => atSomeBars((cut) => ignoresTheFuture(subject, cut)),
    },
    { name: 'needs no more memory after many bars than after one', check: () => staysSmall(subject) },
  ];
}

function isDeterministic({ markets, run }: Subject): void {
  for (const bars of markets) expect(run(bars)).toEqual(run(bars));
}

function survivesSerialisation({ markets, run, start }: Subject): void {
  const bars = first(markets).slice(0, 600);
  let current = start();
  const decided = bars.flatMap((bar, at) => {
    const saved = current.save();
    current = start();
    current.load(saved);
    return current.step(bar).map((decision) => ({ at, ...decision }));
  });
  expect(decided).toEqual(run(bars));
}

function survivesSplit({ markets, run, start }: Subject, cut: number): void {
  const bars = first(markets);
  const [one, two] = [start(), start()];
  const before = bars.slice(0, cut).map((bar) => one.step(bar));
  two.load(one.save());
  const after = bars.slice(cut).map((bar) => two.step(bar));
  const decided = [...before, ...after].flatMap((all, at) => all.map((decision) => ({ at, ...decision })));
  expect(decided).toEqual(run(bars));
}

function ignoresTheFuture({ markets, run }: Subject, cut: number): void {
  const [bars, other] = [first(markets), markets[1] as readonly Bar[]];
  const before = (decisions: readonly Fired[]) => decisions.filter(({ at }) => at < cut);
  expect(before(run([...bars.slice(0, cut), ...other.slice(cut)]))).toEqual(before(run(bars)));
}

function staysSmall({ markets, start }: Subject): void {
  const current = start();
  const sizes = new Set<number>();
  for (const bar of markets.flat()) {
    current.step(bar);
    sizes.add(current.save().reduce((sum, bytes) => sum + bytes.length, 0));
  }
  expect(sizes.size).toBe(1);
}

function first(markets: Subject['markets']): readonly Bar[] {
  return markets[0] as readonly Bar[];
}
