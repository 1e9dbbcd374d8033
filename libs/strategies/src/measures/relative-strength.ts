import { RSI_SLOTS, stepRsi } from '@wagehood/indicators';
import type { Measure } from './measure';

/** Wilder's RSI of a period that is not among the indicators of the settings. */
export function relativeStrength(period: number): Measure {
  return Object.freeze<Measure>({
    key: `rsi_${period}`,
    outputs: 1,
    warmup: period + 1,
    slots: RSI_SLOTS,
    step(state, at, bar, out, to) {
      out[to] = stepRsi(state, at, period, bar.close);
    },
  });
}
