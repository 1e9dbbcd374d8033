import { defineIndicator } from '../../define-indicator';
import { STRENGTH_SLOTS, stepStrength } from '../../kernel/rsi';
import { num } from '../../params';

/** Slot behind those of the strength: whether there is a previous close. */
const STARTED = STRENGTH_SLOTS;

/** Wilder's relative strength index of closes, 0 … 100; 50 where nothing moves (TA-Lib: 0). Source: TA-Lib TA_RSI. */
export const rsi = defineIndicator({
  id: 'rsi',
  title: 'Relative strength index',
  params: { period: { kind: 'int', default: 14, min: 1, max: 5000 } },
  outputs: ['rsi'],
  scale: 'free',
  warmup: (params) => num(params, 'period') + 1,
  slots: () => STRENGTH_SLOTS + 1,
  closes: () => 1,
  total: true,
  fusion: (params) => ({ kind: 'rsi', share: 1 / num(params, 'period') }),
  compile(params) {
    const period = num(params, 'period');
    return (state, at, _bar, now, out, to) => {
      const close = state[now] as number;
      const change = close - (state[now - 1] as number);
      out[to] = state[at + STARTED] === 0 ? NaN : stepStrength(state, at, period, change, close);
      state[at + STARTED] = 1;
    };
  },
});
