import { defineIndicator } from '../../define-indicator';
import { RSI_SLOTS, stepRsi } from '../../kernel/rsi';
import { num } from '../../params';

/** Wilder's relative strength index of closes, 0 … 100; 50 where nothing moves (TA-Lib: 0). Source: TA-Lib TA_RSI. */
export const rsi = defineIndicator({
  id: 'rsi',
  title: 'Relative strength index',
  params: { period: { kind: 'int', default: 14, min: 1, max: 5000 } },
  outputs: ['rsi'],
  scale: 'free',
  warmup: (params) => num(params, 'period') + 1,
  slots: () => RSI_SLOTS,
  total: true,
  fusion: (params) => ({ kind: 'rsi', period: num(params, 'period'), constants: [1 / num(params, 'period')] }),
  compile(params) {
    const period = num(params, 'period');
    return (state, at, _bar, now, out, to) => {
      out[to] = stepRsi(state, at, period, state[now] as number);
    };
  },
});
