import { rollingMeanSlots, stepRollingMean } from '@wagehood/indicators';
import type { Measure } from './measure';

/** Mean volume of the `period` bars *before* this one, so that a surge is not compared with itself. */
export function volumeMean(period = 20): Measure {
  return Object.freeze<Measure>({
    key: `volume_mean_${period}`,
    outputs: 1,
    warmup: period + 1,
    // Slots: the mean up to the previous bar · whether there is one · the rolling mean.
    slots: 2 + rollingMeanSlots(period),
    step(state, at, bar, out, to) {
      out[to] = state[at + 1] === 1 ? (state[at] as number) : NaN;
      const mean = stepRollingMean(state, at + 2, period, bar.volume);
      if (Number.isNaN(mean)) return;
      state[at] = mean;
      state[at + 1] = 1;
    },
  });
}
