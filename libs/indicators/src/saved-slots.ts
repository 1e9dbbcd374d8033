/** What saved slots must match to be loaded: the fingerprint of their plan (16 hex digits) and their number. */
export interface SavedShape {
  readonly fingerprint: string;
  readonly slots: number;
}

/**
 * Slots as bytes: 8 of fingerprint, then every slot as a double, bit for bit. Typed arrays have the byte order of the machine, and
 * every platform that Node supports is little-endian.
 */
const FINGERPRINT_BYTES = 8;

/** Bytes of saved slots of this shape. */
export function savedBytes({ slots }: SavedShape): number {
  return FINGERPRINT_BYTES + 8 * slots;
}

/** `more` stands behind `slots`. */
export function encodeSlots(fingerprint: string, slots: Float64Array, more?: Float64Array): Uint8Array {
  const bytes = new Uint8Array(FINGERPRINT_BYTES + slots.byteLength + (more?.byteLength ?? 0));
  const saved = new Float64Array(bytes.buffer, FINGERPRINT_BYTES);
  bytes.set(fingerprintBytes(fingerprint));
  saved.set(slots);
  if (more) saved.set(more, slots.length);
  return bytes;
}

const known = new Map<string, Uint8Array>();

/** A fingerprint is written for every series of its plan, and read from hex once. */
function fingerprintBytes(fingerprint: string): Uint8Array {
  let bytes = known.get(fingerprint);
  if (!bytes) {
    bytes = Uint8Array.from({ length: FINGERPRINT_BYTES }, (_, i) => parseInt(fingerprint.slice(2 * i, 2 * i + 2), 16));
    known.set(fingerprint, bytes);
  }
  return bytes;
}

/** The slots in the bytes; throws when they were saved by another plan or are damaged. */
export function decodeSlots(shape: SavedShape, bytes: Uint8Array): Float64Array {
  const fingerprint = Array.from(bytes.subarray(0, FINGERPRINT_BYTES), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  if (fingerprint !== shape.fingerprint)
    throw new Error(`saved state is of plan '${fingerprint}', expected plan '${shape.fingerprint}'`);
  if (bytes.length !== savedBytes(shape))
    throw new Error(`saved state has ${bytes.length} bytes, expected ${savedBytes(shape)}`);
  const slots = new Float64Array(shape.slots);
  new Uint8Array(slots.buffer).set(bytes.subarray(FINGERPRINT_BYTES));
  return slots;
}
