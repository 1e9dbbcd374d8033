import { indicatorPlanOf, settingsSchema, strategyPlanOf } from '@wagehood/config';
import { builtinIndicators, createCatalog, createEngine } from '@wagehood/indicators';
import { builtinStrategies, createStrategyCatalog, createStrategyEngine } from '@wagehood/strategies';
import { createBarMaker } from '@wagehood/mock-market';

const START = Date.UTC(2026, 0, 5);
const BARS = 10_000;

/** Signals of each strategy over the first bars of a symbol, with the settings of a fresh installation. */
function signalsOf(symbol: string): Map<string, number> {
  const settings = settingsSchema.parse({});
  const plan = indicatorPlanOf(settings, createCatalog(builtinIndicators));
  const indicators = createEngine(plan);
  const strategies = createStrategyEngine(strategyPlanOf(settings, createStrategyCatalog(builtinStrategies), plan));
  const [series, decisions] = [indicators.add(), strategies.add()];
  const values = new Float64Array(plan.columns.length);
  const maker = createBarMaker(42, symbol, '1s');
  const counts = new Map<string, number>();
  for (let i = 0; i < BARS; i++) {
    const bar = maker.final(START + i * 1000);
    indicators.step(series, bar, values);
    strategies.step(decisions, bar, values, ({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
  }
  return counts;
}

describe('the mock market', () => {
  it.each(['SPY', 'QQQ', 'IWM'])('makes every strategy fire on %s, none of them all the time', (symbol) => {
    const counts = signalsOf(symbol);
    for (const { id } of builtinStrategies) {
      expect([id, counts.get(id) ?? 0]).toEqual([id, expect.any(Number)]);
      expect(counts.get(id) ?? 0).toBeGreaterThan(0);
      expect(counts.get(id) ?? 0).toBeLessThan(BARS / 20);
    }
  });
});
