import { defineIndicator } from '@wagehood/indicators';

/** Counts the bars of a series, and throws on a close of 13 after it has already spoiled its state. */
export const fragileIndicator = defineIndicator({
  id: 'fragile',
  title: 'Counts, until it meets 13',
  params: {},
  outputs: ['count', 'last'],
  scale: 'free',
  warmup: () => 1,
  slots: () => 1,
  compile: () => (state, at, bar, _now, out, to) => {
    state[at] = (state[at] as number) + 1;
    if (bar.close === 13) throw new Error('cannot bear 13');
    out[to] = state[at] as number;
    out[to + 1] = bar.close;
  },
});
