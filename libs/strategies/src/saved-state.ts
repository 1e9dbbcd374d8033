import { encodeSlots } from '@wagehood/indicators';
import type { StrategyPlan } from './plan';

/**
 * Saved state of one series, opaque to everybody else: 8 bytes of fingerprint, then every slot as a double. Typed arrays have
 * the byte order of the machine, and every platform that Node supports is little-endian.
 */
const FINGERPRINT_BYTES = 8;

/** Bytes of one saved series of this plan. */
export function savedStrategySize({ slots }: StrategyPlan): number {
  return FINGERPRINT_BYTES + 8 * slots;
}

/** Copies the slots of one series into bytes, bit for bit. */
export function encodeState({ fingerprint }: StrategyPlan, slots: Float64Array): Uint8Array {
  return encodeSlots(fingerprint, slots);
}

/** The slots in the bytes; throws when they were saved by another plan or are damaged. */
export function decodeState(plan: StrategyPlan, bytes: Uint8Array): Float64Array {
  const { fingerprint, slots } = plan;
  const found = Array.from(bytes.subarray(0, FINGERPRINT_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== fingerprint)
    throw new Error(`saved strategy state is of plan '${found}', expected plan '${fingerprint}'`);
  const expected = savedStrategySize(plan);
  if (bytes.length !== expected)
    throw new Error(`saved strategy state has ${bytes.length} bytes, expected ${expected}`);
  const copy = new Float64Array(slots);
  new Uint8Array(copy.buffer).set(bytes.subarray(FINGERPRINT_BYTES));
  return copy;
}
