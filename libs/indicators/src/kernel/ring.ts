/** A ring of the last `size` values in flat memory. Slots: head · values seen (at most size) · the values. */
export function ringSlots(size: number): number {
  return size + 2;
}

/** Values in the ring, at most `size`. */
export function ringLength(state: Float64Array, at: number): number {
  return state[at + 1] as number;
}

/** Appends a value; the oldest leaves when the ring is full. */
export function ringPush(state: Float64Array, at: number, size: number, value: number): void {
  const head = state[at] as number;
  const length = state[at + 1] as number;
  state[at + 2 + head] = value;
  state[at] = head + 1 === size ? 0 : head + 1;
  if (length < size) state[at + 1] = length + 1;
}

/** The value k pushes ago: 1 is the newest, `size` the oldest. NaN where there is none. */
export function ringBack(state: Float64Array, at: number, size: number, k: number): number {
  if (!(k >= 1 && k <= (state[at + 1] as number))) return NaN;
  const index = (state[at] as number) - k;
  return state[at + 2 + (index < 0 ? index + size : index)] as number;
}
