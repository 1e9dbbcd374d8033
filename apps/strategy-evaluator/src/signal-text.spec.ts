import { parseSignal, type Signal } from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import { signalId, type Decision, type StrategyInstance } from '@wagehood/strategies';
import { JsonWriter, type EventText } from '@wagehood/streams';
import fc from 'fast-check';
import type { PlacedColumn } from './regime';
import { SignalText } from './signal-text';
import { eventOf } from './testing/documents';
import { counterStrategy } from './testing/quick-strategies';

const instance: StrategyInstance = {
  name: 'counter_strategy',
  definition: counterStrategy,
  params: { every: 2, min_confidence: 0 },
};
const decision: Decision = { side: 'sell', confidence: 0.25, factors: { certainty: 0.25, 'say "when"': 1 } };
const event = eventOf('SPY', 7, 101.5);
const item: EventText = { cell: 'SPY|1m', bar: event, receivedAt: event.receivedAt };
const column = (at: number, indicator: string, output: string | null = null) =>
  ({ indicator, output, at }) as PlacedColumn;
/** Values of the event: 7 and 8 are of indicators that the strategy does not read. */
const VALUES = Float64Array.of(7, 100, 1, NaN, 8);
const READS = [column(2, 'macd', 'macd_line'), column(3, 'macd', 'signal_line'), column(1, 'sma_3')];

function textOf(
  of = instance,
  reads = READS,
  about = item,
  decided = decision,
  values = VALUES,
  emittedAt = 1,
): string {
  const writer = new JsonWriter();
  new SignalText(of, reads).write(writer, about, decided, values, emittedAt);
  return writer.take().toString();
}
const written = (...args: Parameters<typeof textOf>) => JSON.parse(textOf(...args)) as Signal;

describe('SignalText', () => {
  it('tells what was decided on which bar, and what was read', () => {
    const text = textOf(instance, READS, item, decision, VALUES, 1_767_571_299_000);
    const signal = {
      id: signalId('counter_strategy', instance.params, 'SPY', '1m', event.timestamp, 'sell'),
      symbol: 'SPY',
      timeframe: '1m',
      strategy: 'counter_strategy',
      side: 'sell',
      price: 101.5,
      confidence: 0.25,
      factors: { certainty: 0.25, 'say "when"': 1 },
      indicators: { macd: { macd_line: 1, signal_line: null }, sma_3: 100 },
      barOpenTime: event.timestamp,
      emittedAt: 1_767_571_299_000,
      receivedAt: event.receivedAt,
    };
    expect(text).toBe(JSON.stringify(signal));
    expect(parseSignal(text)).toEqual({ ok: true, value: signal });
  });

  it('has an id that does not depend on when it was computed', () => {
    const [early, late] = [1, 2].map((at) => written(instance, READS, item, decision, VALUES, at));
    expect(early?.id).toBe(late?.id);
    const other = { ...instance, params: { every: 3, min_confidence: 0 } };
    expect(written(other).id).not.toBe(early?.id);
  });

  it('of history says so', () => {
    const backfilled = { ...item, bar: { ...event, backfilled: true } };
    expect(written(instance, READS, backfilled).backfilled).toBe(true);
    expect('backfilled' in written()).toBe(false);
  });

  it('may rest on no factor and no indicator', () => {
    const bare = written(instance, [], item, { ...decision, factors: {} });
    expect([bare.factors, bare.indicators]).toEqual([{}, {}]);
  });

  it('keeps every name and every number as it is', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const names = fc.record({ symbol: fc.string(), strategy: fc.string({ minLength: 1 }) });
    const factors = fc.dictionary(fc.string(), number);
    fc.assert(
      fc.property(names, factors, fc.array(number, { minLength: 5, maxLength: 5 }), (named, parts, numbers) => {
        const [close, confidence, line, signal, sma] = numbers as [number, number, number, number, number];
        const about = { ...item, cell: seriesKey(named.symbol, '1m'), bar: { ...event, symbol: named.symbol, close } };
        const decided: Decision = { side: 'buy', confidence, factors: parts };
        const values = Float64Array.of(0, sma, line, signal);
        expect(written({ ...instance, name: named.strategy }, READS, about, decided, values)).toMatchObject({
          ...{ symbol: named.symbol, strategy: named.strategy, side: 'buy', price: close, confidence },
          factors: JSON.parse(JSON.stringify(parts)),
          indicators: { macd: { macd_line: line, signal_line: signal }, sma_3: sma },
        });
      }),
    );
  });
});
