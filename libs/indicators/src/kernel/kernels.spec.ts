import fc from 'fast-check';
import { anyMarket, walk } from '../testing/markets';
import { loadTaLib } from '../testing/talib';
import { ATR_SLOTS, stepAtr } from './atr';
import { EMA_SLOTS, emaWeight, stepEma } from './ema';
import { ringBack, ringLength, ringPush, ringSlots } from './ring';
import { rollingMeanSlots, stepRollingMean } from './rolling-mean';
import { RSI_SLOTS, stepRsi } from './rsi';

const OFFSET = 3;
const slots = (count: number) => new Float64Array(OFFSET + count);
const volumes = fc.array(fc.oneof(fc.constant(0), fc.nat(1e9), fc.double({ min: 0, max: 1e12, noNaN: true })), {
  maxLength: 200,
});

describe('the ring', () => {
  it('holds the last values, newest first, and NaN beyond them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (values, size) => {
          const state = slots(ringSlots(size));
          values.forEach((value) => ringPush(state, OFFSET, size, value));
          const held = Math.min(size, values.length);
          expect(ringLength(state, OFFSET)).toBe(held);
          for (let k = 1; k <= held; k++) expect(ringBack(state, OFFSET, size, k)).toBe(values.at(-k));
          for (const k of [0, held + 1, size + 1]) expect(ringBack(state, OFFSET, size, k)).toBeNaN();
        },
      ),
    );
  });
});

describe('the rolling mean', () => {
  it('is the mean of the last values, whatever left them', () => {
    fc.assert(
      fc.property(volumes, fc.integer({ min: 1, max: 20 }), (values, period) => {
        const state = slots(rollingMeanSlots(period));
        values.forEach((value, at) => {
          const actual = stepRollingMean(state, OFFSET, period, value);
          if (at + 1 < period) return expect(actual).toBeNaN();
          const window = values.slice(at + 1 - period, at + 1);
          const expected = window.reduce((sum, one) => sum + one, 0) / period;
          expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-11 * Math.max(...window));
        });
      }),
    );
  });

  it('of nothing but zeros is zero', () => {
    const state = slots(rollingMeanSlots(3));
    expect([1e9, 5, 0, 0, 0].map((value) => stepRollingMean(state, OFFSET, 3, value)).at(-1)).toBe(0);
  });
});

describe('the average true range', () => {
  it('agrees with TA_ATR', () => {
    const bars = walk(3_000, 31);
    const inputs = (['high', 'low', 'close'] as const).map((field) => bars.map((bar) => bar[field]));
    const [expected] = loadTaLib().call('ATR', inputs, [14], 1);
    const state = slots(ATR_SLOTS);
    const actual = bars.map((bar) => stepAtr(state, OFFSET, 14, bar));
    expect(actual.findIndex((value) => !Number.isNaN(value))).toBe(14);
    actual.forEach((value, at) => at >= 14 && expect(Math.abs(value - (expected?.[at] as number))).toBeLessThan(1e-9));
  });

  it('is never negative and never lost', () => {
    fc.assert(
      fc.property(anyMarket(60), (bars) => {
        const state = slots(ATR_SLOTS);
        const values = bars.map((bar) => stepAtr(state, OFFSET, 5, bar));
        expect(values.slice(5).every((value) => value >= 0)).toBe(true);
      }),
    );
  });
});

it('kernels write nothing outside their slots', () => {
  const period = 5;
  const bars = walk(100, 8);
  const cases: readonly [number, (state: Float64Array, bar: (typeof bars)[number]) => number][] = [
    [EMA_SLOTS, (state, { close }) => stepEma(state, OFFSET, period, emaWeight(period), close)],
    [RSI_SLOTS, (state, { close }) => stepRsi(state, OFFSET, period, close)],
    [ATR_SLOTS, (state, bar) => stepAtr(state, OFFSET, period, bar)],
    [rollingMeanSlots(period), (state, { volume }) => stepRollingMean(state, OFFSET, period, volume)],
  ];
  for (const [count, step] of cases) {
    const state = new Float64Array(OFFSET + count + OFFSET).fill(0);
    state.fill(42, 0, OFFSET).fill(42, OFFSET + count);
    for (const bar of bars) step(state, bar);
    expect([...state.slice(0, OFFSET), ...state.slice(OFFSET + count)]).toEqual(Array(2 * OFFSET).fill(42));
  }
});
