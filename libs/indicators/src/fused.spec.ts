import fc from 'fast-check';
import { builtinIndicators } from './builtin';
import type { IndicatorDefinition } from './define-indicator';
import { createEngine } from './engine';
import { createPlan } from './plan';
import { expectSameBits, fold } from './testing/laws';
import { anyMarket, walk } from './testing/markets';
import { instanceOf } from './testing/plans';

const unfused: readonly IndicatorDefinition[] = builtinIndicators.map(({ fusion: _, ...definition }) => definition);

const NAMES = [
  'macd',
  'sma_3',
  'ema_5',
  'bollinger_bands_7',
  'rsi_2',
  'sma_20',
  'ema_1',
  'rsi_14',
  'bollinger_bands_2',
];

function rowsOf(definitions: readonly IndicatorDefinition[], bars: ReturnType<typeof walk>) {
  const engine = createEngine(createPlan(NAMES.map((name) => instanceOf(name, {}, definitions))));
  const handle = engine.add();
  const rows = fold(engine, handle, bars);
  return { rows, state: engine.save(handle) };
}

describe('the fused lanes', () => {
  it('cover every builtin', () => {
    expect(builtinIndicators.filter(({ fusion }) => fusion === undefined).map(({ id }) => id)).toEqual([]);
  });

  it('do to values and state what the steps of the definitions do, bit for bit', () => {
    fc.assert(
      fc.property(anyMarket(400), (bars) => {
        const [fused, plain] = [rowsOf(builtinIndicators, bars), rowsOf(unfused, bars)];
        expectSameBits(fused.rows, plain.rows);
        expect(fused.state).toEqual(plain.state);
      }),
      { numRuns: 80 },
    );
  });

  it('do so over a long walk as well, where sums are made anew many times', () => {
    const bars = walk(20_000, 4);
    expectSameBits(rowsOf(builtinIndicators, bars).rows, rowsOf(unfused, bars).rows);
  });
});
