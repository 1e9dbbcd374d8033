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

/** Identities of what a plan has and another has not: what `migrateStrategyState` starts cold. */
export function strategyNewcomers(from: StrategyPlan, to: StrategyPlan): string[] {
  const known = new Set(strategyParts(from));
  return strategyParts(to).filter((identity) => !known.has(identity));
}

/** Identities of everything that a plan keeps state of: its measures and its strategies. */
export function strategyParts(plan: StrategyPlan): string[] {
  return sectionsOf(plan).map(({ identity }) => identity);
}

/** Two states of one series under one plan as one: the parts with these identities as in `other`, all others as in `own`. */
export function graftStrategyState(
  plan: StrategyPlan,
  own: Uint8Array,
  other: Uint8Array,
  identities: readonly string[],
): Uint8Array {
  const slots = decodeState(plan, own);
  const grafts = decodeState(plan, other);
  for (const { identity, slot, slots: count } of sectionsOf(plan))
    if (identities.includes(identity)) slots.set(grafts.subarray(slot, slot + count), slot);
  return encodeState(plan, slots);
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
