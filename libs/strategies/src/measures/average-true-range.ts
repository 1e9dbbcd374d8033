import { ATR_SLOTS, stepAtr } from '@wagehood/indicators';
import type { Measure } from './measure';

/** Wilder's average true range: the yardstick of nearly every factor, because it has the unit of prices. */
export function averageTrueRange(period = 14): Measure {
  return Object.freeze<Measure>({
    key: `atr_${period}`,
    outputs: 1,
    warmup: period + 1,
    slots: ATR_SLOTS,
    step(state, at, bar, out, to) {
      out[to] = stepAtr(state, at, period, bar);
    },
  });
}
