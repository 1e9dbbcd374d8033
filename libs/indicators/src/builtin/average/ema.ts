import { defineIndicator } from '../../define-indicator';
import { EMA_SLOTS, emaWeight, stepEma } from '../../kernel/ema';
import { num } from '../../params';

/** Exponential moving average of closes, seeded with the simple average of the first `period`. Source: TA-Lib TA_EMA. */
export const ema = defineIndicator({
  id: 'ema',
  title: 'Exponential moving average',
  params: { period: { kind: 'int', default: 12, min: 1, max: 5000 } },
  outputs: ['ema'],
  scale: 'price',
  warmup: (params) => num(params, 'period'),
  slots: () => EMA_SLOTS,
  total: true,
  fusion: (params) => ({ kind: 'ema', weight: emaWeight(num(params, 'period')) }),
  compile(params) {
    const period = num(params, 'period');
    const weight = emaWeight(period);
    return (state, at, _bar, now, out, to) => {
      out[to] = stepEma(state, at, period, weight, state[now] as number);
    };
  },
});
