/** Less is not worth keeping, and may lie in the pool that Node shares among many buffers. */
const LEAST_BYTES = 16_384;
/** What all rooms together may hold. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Bytes that texts were written into and that nobody reads any more, to be written into again. New ones would lie outside the heap of V8,
 * which counts them as growth of the heap and looks through all of it the sooner.
 */
class Rooms {
  /** By size: those in place k hold at least 2^k bytes. */
  readonly #free: Buffer[][] = Array.from({ length: 32 }, () => []);
  /** Those that are in use. Only they can be given back: a small buffer at the front of Node's pool looks the same. */
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #bytes = 0;

  /** Room for at least so many bytes. */
  take(least: number): Buffer {
    if (least < LEAST_BYTES) return Buffer.allocUnsafe(least);
    const place = 32 - Math.clz32(least - 1);
    const kept = this.#free[place]?.pop();
    if (kept) this.#bytes -= kept.length;
    const room = kept ?? Buffer.allocUnsafeSlow(2 ** place);
    this.#lent.add(room.buffer);
    return room;
  }

  /** Gives back bytes that `take` gave, or the front of them: from now on they belong to others. Bytes of any other origin stay as they are. */
  give({ buffer }: Buffer): void {
    const { byteLength } = buffer;
    if (!this.#lent.delete(buffer) || byteLength > MOST_BYTES) return;
    while (this.#bytes + byteLength > MOST_BYTES) this.#drop();
    this.#free[31 - Math.clz32(byteLength)]?.push(Buffer.from(buffer));
    this.#bytes += byteLength;
  }

  /** Lets go of a room of the size that waits most: of those that are asked for few wait. */
  #drop(): void {
    const bytesOf = (place: number): number => (this.#free[place] as Buffer[]).length * 2 ** place;
    let most = 0;
    for (let place = 1; place < this.#free.length; place++) if (bytesOf(place) > bytesOf(most)) most = place;
    this.#bytes -= this.#free[most]?.pop()?.length ?? 0;
  }
}

export const rooms = new Rooms();
