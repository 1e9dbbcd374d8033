import { FIRST_SLOT, identity, type IndicatorPlan, type Placement } from './plan';

/**
 * Saved state of one series, opaque to everybody else: 8 bytes of fingerprint, then every slot as a little-endian double.
 * Typed arrays have the byte order of the machine, and every platform that Node supports is little-endian.
 */
const HEADER = 8;

/** Bytes of one saved series of this plan. */
export function savedSize(plan: IndicatorPlan): number {
  return HEADER + plan.slots * 8;
}

/** The first bytes of every saved series of this plan. */
export function savedHeader(plan: IndicatorPlan): Uint8Array {
  return Uint8Array.from({ length: HEADER }, (_, i) => parseInt(plan.fingerprint.slice(2 * i, 2 * i + 2), 16));
}

/** Copies the slots of one series into bytes, bit for bit. */
export function encodeState(header: Uint8Array, slots: Float64Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + slots.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(slots.buffer, slots.byteOffset, slots.byteLength), HEADER);
  return bytes;
}

/** The slots in the bytes; throws when they were saved by another plan or are damaged. */
export function decodeState(plan: IndicatorPlan, bytes: Uint8Array): Float64Array {
  const fingerprint = Array.from(bytes.subarray(0, HEADER), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (fingerprint !== plan.fingerprint)
    throw new Error(`saved state is of plan '${fingerprint}', expected plan '${plan.fingerprint}'`);
  if (bytes.length !== savedSize(plan))
    throw new Error(`saved state has ${bytes.length} bytes, expected ${savedSize(plan)}`);
  const slots = new Float64Array(plan.slots);
  new Uint8Array(slots.buffer).set(bytes.subarray(HEADER));
  return slots;
}

/**
 * Carries saved state to another plan: instances with the same definition, revision and parameters keep their state (by name
 * first, so renaming is free), new ones start cold, the window keeps as many closes as fit.
 */
export function migrateState(from: IndicatorPlan, bytes: Uint8Array, to: IndicatorPlan): Uint8Array {
  const old = decodeState(from, bytes);
  const slots = new Float64Array(to.slots);
  for (const target of to.placements) {
    const source = ancestor(from, target);
    if (source !== undefined) slots.set(old.subarray(source.slot, source.slot + source.slots), target.slot);
  }
  moveWindow(from, old, to, slots);
  return encodeState(savedHeader(to), slots);
}

function ancestor(from: IndicatorPlan, { instance, slots }: Placement): Placement | undefined {
  const key = identity(instance);
  const same = from.placements.filter((old) => old.slots === slots && identity(old.instance) === key);
  return same.find((old) => old.instance.name === instance.name) ?? same[0];
}

function moveWindow(from: IndicatorPlan, old: Float64Array, to: IndicatorPlan, slots: Float64Array): void {
  const kept = Math.min(from.window, to.window);
  const oldBase = from.slots - from.window;
  const base = to.slots - to.window;
  const head = old[FIRST_SLOT - 1] as number;
  for (let k = 1; k <= kept; k++)
    slots[base + to.window - k] = old[oldBase + ((head - k + from.window) % from.window)] as number;
  slots[FIRST_SLOT - 1] = 0;
}
