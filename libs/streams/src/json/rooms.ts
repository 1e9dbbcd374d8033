/** Less is not worth keeping, and may lie in a room that Node shares among many. */
const LEAST_BYTES = 16_384;
/** What all rooms together may hold. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Bytes that texts were written into and that nobody reads any more, to be written into again. New ones would lie outside the heap of V8,
 * which counts them as growth of the heap and looks through all of it the sooner.
 */
class Rooms {
  /** By size: those in place k hold at least 2^k bytes. */
  readonly #free: Buffer[][] = Array.from({ length: 32 }, () => []);
  #bytes = 0;

  /** Room for at least so many bytes. */
  take(least: number): Buffer {
    if (least < LEAST_BYTES) return Buffer.allocUnsafe(least);
    const place = 32 - Math.clz32(least - 1);
    const room = this.#free[place]?.pop();
    if (!room) return Buffer.allocUnsafeSlow(2 ** place);
    this.#bytes -= room.length;
    return room;
  }

  /** Gives back bytes that `take` gave, or the front of them: from now on they belong to others. */
  give({ buffer, byteOffset }: Buffer): void {
    const { byteLength } = buffer;
    if (byteOffset !== 0 || byteLength < LEAST_BYTES || byteLength > MOST_BYTES) return;
    if (this.#bytes + byteLength > MOST_BYTES) this.#clear(); // it is full of sizes that nobody asks for
    this.#free[31 - Math.clz32(byteLength)]?.push(Buffer.from(buffer));
    this.#bytes += byteLength;
  }

  #clear(): void {
    for (const free of this.#free) free.length = 0;
    this.#bytes = 0;
  }
}

export const rooms = new Rooms();
