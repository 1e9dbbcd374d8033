import type { StrategyStep } from '../definition';
import { defineStrategy, type StrategySource } from '../define-strategy';

/** A strategy that needs nothing and does what the test says; one factor `certainty`, one slot. */
export function stubStrategy(id: string, step: StrategyStep, more: Partial<StrategySource> = {}) {
  return defineStrategy({
    id,
    title: 'Stub',
    rule: 'Whatever the test says.',
    minConfidence: 0,
    params: {},
    factors: [{ name: 'certainty', weight: 1, formula: 'as given' }],
    needs: () => [],
    warmup: () => 1,
    slots: () => 1,
    compile: () => step,
    ...more,
  });
}

/** Buys on every bar. */
export const always: StrategyStep = () => ({ side: 'buy', factors: { certainty: 1 } });
