import { closesSlot, CURSOR, identity, type IndicatorPlan, type Placement } from './plan';
import { decodeSlots, encodeSlots, savedBytes, type SavedShape } from './saved-slots';

// Saved are the slots of every instance and the closes of the window, oldest first, but neither the cursor nor what the room
// behind the closes happens to hold: equal states have equal bytes.
const UNSAVED = CURSOR + 1;

/** Bytes of one saved series of this plan. */
export function savedSize(plan: IndicatorPlan): number {
  return savedBytes(shapeOf(plan));
}

function shapeOf(plan: IndicatorPlan): SavedShape {
  return { fingerprint: plan.fingerprint, slots: closesSlot(plan) - UNSAVED + plan.window };
}

/** The state of a series as bytes, opaque to everybody else. */
export function encodeState(plan: IndicatorPlan, series: Float64Array): Uint8Array {
  const saved = new Float64Array(shapeOf(plan).slots);
  const cursor = series[CURSOR] as number;
  saved.set(series.subarray(UNSAVED, closesSlot(plan)));
  saved.set(series.subarray(cursor - plan.window, cursor), saved.length - plan.window);
  return encodeSlots(plan.fingerprint, saved);
}

/** Writes saved state into a series; throws when it was saved by another plan or is damaged, and leaves the series alone. */
export function decodeState(plan: IndicatorPlan, bytes: Uint8Array, series: Float64Array): void {
  const saved = decodeSlots(shapeOf(plan), bytes);
  series.fill(0);
  series.set(saved, UNSAVED);
  series[CURSOR] = closesSlot(plan) + plan.window;
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
    const slot = source.slot - UNSAVED;
    moved.set(old.subarray(slot, slot + source.slots), target.slot - UNSAVED);
  }
  const kept = Math.min(from.window, to.window);
  moved.set(old.subarray(old.length - kept), moved.length - kept);
  return encodeSlots(to.fingerprint, moved);
}

function ancestor(from: IndicatorPlan, { instance, slots }: Placement): Placement | undefined {
  const key = identity(instance);
  const same = from.placements.filter((old) => old.slots === slots && identity(old.instance) === key);
  return same.find((old) => old.instance.name === instance.name) ?? same[0];
}
