import { parseSignals } from '@wagehood/contracts';
import { signalId, type StrategyInstance } from '@wagehood/strategies';
import { toSignal } from './encode-signal';
import { eventOf } from './testing/documents';
import { counterStrategy } from './testing/quick-strategies';

const instance: StrategyInstance = {
  name: 'counter_strategy',
  definition: counterStrategy,
  params: { every: 2, min_confidence: 0 },
};
const decision = { side: 'sell', confidence: 0.25, factors: { certainty: 0.25 } } as const;
const event = eventOf('SPY', 7, 101.5);
const item = { cell: 'SPY|1m' as const, bar: event, receivedAt: event.receivedAt, from: 0, to: 0 };
const indicators = { macd: { macd_line: 1, signal_line: null, histogram: null }, sma_3: 100 };

describe('toSignal', () => {
  it('tells what was decided on which bar, and what was read', () => {
    const signal = toSignal(item, instance, decision, indicators, 1_767_571_299_000);
    expect(signal).toEqual({
      id: signalId('counter_strategy', instance.params, 'SPY', '1m', event.timestamp, 'sell'),
      symbol: 'SPY',
      timeframe: '1m',
      strategy: 'counter_strategy',
      side: 'sell',
      price: 101.5,
      confidence: 0.25,
      factors: { certainty: 0.25 },
      indicators,
      barOpenTime: event.timestamp,
      emittedAt: 1_767_571_299_000,
      receivedAt: event.receivedAt,
    });
    expect(parseSignals(JSON.stringify([signal]))).toMatchObject({ ok: true });
  });

  it('has an id that does not depend on when it was computed', () => {
    const [early, late] = [1, 2].map((emittedAt) => toSignal(item, instance, decision, {}, emittedAt));
    expect(early?.id).toBe(late?.id);
    const other = { ...instance, params: { every: 3, min_confidence: 0 } };
    expect(toSignal(item, other, decision, {}, 1).id).not.toBe(early?.id);
  });

  it('of history says so', () => {
    const backfilled = { ...item, bar: { ...event, backfilled: true } };
    expect(toSignal(backfilled, instance, decision, {}, 1).backfilled).toBe(true);
    expect('backfilled' in toSignal(item, instance, decision, {}, 1)).toBe(false);
  });
});
