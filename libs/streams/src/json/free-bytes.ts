/** Less is not worth the call, and may share its memory with others. */
const LEAST_BYTES = 16_384;

/**
 * Gives the memory of these bytes back at once, if it is theirs alone; nobody may read them any more. What outlives two collections of the
 * young would be kept until the next one of everything, and V8 starts that after 64 MB of growth beside its heap, however long it takes.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < LEAST_BYTES || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  structuredClone(buffer, { transfer: [buffer] }); // its new owner dies young
}
