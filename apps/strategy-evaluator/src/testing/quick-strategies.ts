import { num } from '@wagehood/indicators';
import { defineStrategy, volumeMean } from '@wagehood/strategies';

const certainty = [{ name: 'certainty', weight: 1, formula: 'as given' }];

/** Decides on every n-th bar that it was shown, with a confidence that tells how many there were: it notices a lost bar. */
export const counterStrategy = defineStrategy({
  id: 'counter_strategy',
  title: 'Counter',
  rule: 'Every n-th bar.',
  minConfidence: 0,
  params: { every: { kind: 'int', default: 2, min: 1, max: 5 } },
  factors: certainty,
  needs: () => [{ indicator: 'sma', params: {} }],
  warmup: () => 1,
  slots: () => 1,
  compile: (params) => (state, at) => {
    const count = ((state[at] as number) += 1);
    return count % num(params, 'every') === 0 ? { side: 'buy', factors: { certainty: (count % 101) / 101 } } : null;
  },
});

/** Decides when the close crosses the mean volume of three bars; throws on a close of 13 after it has spoiled its state. */
export const fragileStrategy = defineStrategy({
  id: 'fragile_strategy',
  title: 'Fragile',
  rule: 'The close crosses the mean volume.',
  minConfidence: 0,
  params: {},
  factors: certainty,
  needs: () => [],
  measures: () => [volumeMean(3)],
  warmup: () => 1,
  slots: () => 1,
  compile: () => (state, at, bar, inputs) => {
    const before = state[at] as number;
    state[at] = bar.close > (inputs[0] as number) ? 1 : -1;
    if (bar.close === 13) throw new Error('cannot bear 13');
    if (before === 0 || before === state[at]) return null;
    return { side: before < 0 ? 'buy' : 'sell', factors: { certainty: 1 } };
  },
});
