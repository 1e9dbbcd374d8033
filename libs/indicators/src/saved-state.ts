import { ownSlots, identity, type IndicatorPlan, type Placement } from './plan';
import { decodeSlots, encodeSlots, savedBytes, type SavedShape } from './saved-slots';

// Saved are the slots of every instance and the closes of the window, oldest first, but neither the place of the closes nor what
// the room behind them happens to hold: equal states have equal bytes.

/** Bytes of one saved series of this plan. */
export function savedSize(plan: IndicatorPlan): number {
  return savedBytes(shapeOf(plan));
}

function shapeOf(plan: IndicatorPlan): SavedShape {
  return { fingerprint: plan.fingerprint, slots: ownSlots(plan) + plan.window };
}

/** The state of a series as bytes, opaque to everybody else: its slots and the closes before `cursor` in its row. */
export function encodeState(plan: IndicatorPlan, slots: Float64Array, row: Float64Array, cursor: number): Uint8Array {
  return encodeSlots(plan.fingerprint, slots, row.subarray(cursor - plan.window, cursor));
}

/** Writes saved state into a series, whose next close then goes behind the window; throws when it was saved by another plan or is damaged, and leaves the series alone. */
export function decodeState(plan: IndicatorPlan, bytes: Uint8Array, slots: Float64Array, row: Float64Array): void {
  const saved = decodeSlots(shapeOf(plan), bytes);
  slots.set(saved.subarray(0, slots.length));
  row.set(saved.subarray(slots.length));
}

/**
 * Carries saved state to another plan: instances with the same definition, revision and parameters keep their state (by name
 * first, so renaming is free), new ones start cold, the window keeps as many closes as fit. Throws like `load`.
 */
export function migrateState(from: IndicatorPlan, bytes: Uint8Array, to: IndicatorPlan): Uint8Array {
  const old = decodeSlots(shapeOf(from), bytes);
  const moved = new Float64Array(shapeOf(to).slots);
  for (const target of to.placements) {
    const source = ancestor(from, target);
    if (source === undefined) continue;
    moved.set(old.subarray(source.slot, source.slot + source.slots), target.slot);
  }
  const kept = Math.min(from.window, to.window);
  moved.set(old.subarray(old.length - kept), moved.length - kept);
  return encodeSlots(to.fingerprint, moved);
}

/** Identities of the instances of a plan that find no state to keep in another: what `migrateState` starts cold. */
export function newcomers(from: IndicatorPlan, to: IndicatorPlan): string[] {
  const fresh = to.placements.filter((target) => ancestor(from, target) === undefined);
  return [...new Set(fresh.map(({ instance }) => identity(instance)))];
}

/**
 * Two states of one series under one plan as one: instances with these identities as in `other`, all others as in `own`. Both
 * stand behind the same bar. The closes are `own`'s as far back as it has any (a price is never 0), older ones those of `other`.
 */
export function graftState(
  plan: IndicatorPlan,
  own: Uint8Array,
  other: Uint8Array,
  identities: readonly string[],
): Uint8Array {
  const slots = decodeSlots(shapeOf(plan), own);
  const grafts = decodeSlots(shapeOf(plan), other);
  for (const { instance, slot, slots: count } of plan.placements)
    if (identities.includes(identity(instance))) slots.set(grafts.subarray(slot, slot + count), slot);
  for (let at = ownSlots(plan); at < slots.length; at++) slots[at] ||= grafts[at] as number;
  return encodeSlots(plan.fingerprint, slots);
}

function ancestor(from: IndicatorPlan, { instance, slots }: Placement): Placement | undefined {
  const key = identity(instance);
  const same = from.placements.filter((old) => old.slots === slots && identity(old.instance) === key);
  return same.find((old) => old.instance.name === instance.name) ?? same[0];
}
