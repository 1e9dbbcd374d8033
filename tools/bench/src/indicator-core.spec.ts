import { assertAgreement } from './indicator-agreement';
import { walkBars } from './indicator-bars';
import { handWritten } from './indicator-bound';
import { BARS, VALUES } from './indicator-contender';
import { ourEngine } from './indicator-engine';

const bars = walkBars(BARS, 7);

it('the walk of the bench returns to where it began', () => {
  expect(bars).toHaveLength(BARS);
  expect(Math.abs((bars.at(-1)?.close as number) / 100 - 1)).toBeLessThan(0.02);
});

it('the hand-written bound has the values of the engine from the first on', () => {
  const [ours, bound] = [ourEngine(1), handWritten(1)];
  for (let at = 0; at < 500; at++) {
    ours.run(bars, at, 1);
    bound.run(bars, at, 1);
    if (at < 34) continue;
    for (let i = 0; i < VALUES; i++) expect(bound.out[i]).toBeCloseTo(ours.out[i] as number, 9);
  }
});

it('a contender that computes something else is not timed', () => {
  const wrong = { ...handWritten(1), name: 'wrong', run: () => undefined };
  expect(() => assertAgreement(ourEngine(1), wrong, bars, 1e-9, 1e-6)).toThrow(/wrong says 0 at bar 2000/);
});
