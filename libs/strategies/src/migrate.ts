import { measureIdentity, strategyIdentity, type StrategyPlan } from './plan';
import { decodeState, encodeState } from './saved-state';

/**
 * Carries the saved state of a series to another plan: measures and strategies that both plans have, with equal parameters
 * (whatever their `min_confidence`) and revisions, keep their state; new ones start cold. Throws like `load`.
 */
export function migrateStrategyState(from: StrategyPlan, bytes: Uint8Array, to: StrategyPlan): Uint8Array {
  const old = decodeState(from, bytes);
  const slots = new Float64Array(to.slots);
  const sections = new Map(sectionsOf(from).map((section) => [section.identity, section]));
  for (const target of sectionsOf(to)) {
    const source = sections.get(target.identity);
    if (source !== undefined) slots.set(old.subarray(source.slot, source.slot + source.slots), target.slot);
  }
  return encodeState(to, slots);
}

interface Section {
  readonly identity: string;
  readonly slot: number;
  readonly slots: number;
}

function sectionsOf({ measures, placements }: StrategyPlan): Section[] {
  return [
    ...measures.map((placed) => ({
      identity: `measure ${measureIdentity(placed)}`,
      slot: placed.slot,
      slots: placed.measure.slots,
    })),
    ...placements.map((placed) => ({
      identity: `strategy ${strategyIdentity(placed)}`,
      slot: placed.slot,
      slots: placed.slots,
    })),
  ];
}
