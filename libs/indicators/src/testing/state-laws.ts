import fc from 'fast-check';
import { createEngine } from '../engine';
import { savedSize } from '../saved-state';
import { expectSameBits, fold, run, stepOnce, type Law, type Subject } from './laws';
import { anyMarket, walk } from './markets';

/** Laws about the state between two bars. */
export function stateLaws(subject: Subject): Law[] {
  const { plan, warmup } = subject;
  const split = fc.record({
    bars: anyMarket(Math.min(2_000, 3 * warmup + 20)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const atAnyBar = (check: (bars: ReturnType<typeof walk>, at: number) => void) => () => {
    fc.assert(
      fc.property(split, ({ bars, share }) => check(bars, Math.floor(share * bars.length))),
      { numRuns: 60 },
    );
  };
  return [
    {
      name: 'survives saving and loading at any bar, elsewhere and compiled anew',
      check: atAnyBar((bars, at) => {
        const before = createEngine(plan, 1);
        const rows = fold(before, before.add(), bars.slice(0, at));
        const after = createEngine(plan, 3);
        const handle = [after.add(), after.add()][1] as number;
        after.load(handle, before.save(0));
        expect(after.save(handle)).toEqual(before.save(0));
        expectSameBits([...rows, ...fold(after, handle, bars.slice(at))], run(subject, bars));
      }),
    },
    {
      name: 'does not care where a stream of bars is split, nor what follows',
      check: atAnyBar((bars, at) => expectSameBits(run(subject, bars.slice(0, at)), run(subject, bars).slice(0, at))),
    },
    {
      name: 'keeps nothing outside its slots: series do not touch each other',
      check: atAnyBar((bars, at) => {
        const other = [...bars.slice(at), ...bars.slice(0, at)];
        const engine = createEngine(plan, 1);
        const [one, two] = [engine.add(), engine.add()];
        const rows = bars.map(
          (bar, i) => [stepOnce(engine, one, bar), stepOnce(engine, two, other[i] ?? bar)] as const,
        );
        expectSameBits(
          rows.map(([row]) => row),
          run(subject, bars),
        );
        expectSameBits(
          rows.map(([, row]) => row),
          run(subject, other),
        );
      }),
    },
    { name: 'is of the same size at every bar', check: () => checkSize(subject) },
  ];
}

function checkSize({ plan, warmup }: Subject): void {
  const engine = createEngine(plan, 1);
  const handle = engine.add();
  const sizes = new Set([engine.save(handle).length]);
  for (const bar of walk(3 * warmup + 100, 3)) {
    stepOnce(engine, handle, bar);
    sizes.add(engine.save(handle).length);
  }
  expect([...sizes]).toEqual([savedSize(plan)]);
}
