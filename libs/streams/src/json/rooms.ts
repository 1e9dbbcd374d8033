/** Less is not worth keeping, and may lie in a room that Node shares among many. */
const LEAST_BYTES = 16_384;
/** What all rooms together may hold. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Bytes that texts were written into and that nobody reads any more, to be written into again. New ones would lie outside the heap of V8,
 * which counts them as growth of the heap and looks through all of it the sooner.
 */
class Rooms {
  readonly #free: Buffer[] = [];
  #bytes = 0;

  /** Room for at least so many bytes. */
  take(least: number): Buffer {
    for (let i = this.#free.length - 1; i >= 0; i--) {
      const room = this.#free[i] as Buffer;
      if (room.length < least) continue;
      this.#free.splice(i, 1);
      this.#bytes -= room.length;
      return room;
    }
    return Buffer.allocUnsafeSlow(least);
  }

  /** Gives back bytes that `take` gave, or the front of them: from now on they belong to others. */
  give({ buffer, byteOffset }: Buffer): void {
    const { byteLength } = buffer;
    if (byteOffset !== 0 || byteLength < LEAST_BYTES || this.#bytes + byteLength > MOST_BYTES) return;
    this.#free.push(Buffer.from(buffer));
    this.#bytes += byteLength;
  }
}

export const rooms = new Rooms();
