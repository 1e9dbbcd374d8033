import { readBatch } from '@wagehood/contracts';
import { JsonReader } from '../json/json-reader';
import { jsonPiece } from '../json/json-writer';

const [ROW, BRACKET] = [jsonPiece(',['), 93];
const DONE: IteratorResult<never> = { done: true, value: undefined };

/** How the items of a batch are read. */
export interface BatchFormat<Item> {
  /** What the items are, for the message when there is no array of them. */
  readonly name: string;
  /** The item that is filled anew for each row that is written as we write it. */
  readonly item: Item;
  /** Reads what a table of them begins with, up to its first row of values; clears `from.ok` when it is another one. */
  begin(from: JsonReader): void;
  /** Fills the item from its row, up to the closing bracket; clears `from.ok` when it is not written as we write it. */
  read(from: JsonReader): void;
  /** Goes behind what stands between the last row and the bracket that ends the table, if anything may. */
  end?(from: JsonReader): void;
  /** An item of what `JSON.parse` has found. */
  make(parsed: unknown): Item;
}

/**
 * The items of an entry's data, a table or a JSON array of objects, one after the other. As long as they are written as we write them they
 * are read into one and the same item, which is good until the next one is asked for: a bar leaves nothing behind to be collected. From the
 * first one on that is written otherwise, `JSON.parse` says what they are.
 */
export class BatchReader<Item> implements IterableIterator<Item> {
  readonly #from: JsonReader;
  readonly #result: { done: false; value: Item };
  /** Items so far. */
  #count = 0;
  /** What `JSON.parse` has found; null as long as it was not asked. */
  #parsed: readonly unknown[] | null = null;

  constructor(
    private readonly bytes: Buffer,
    private readonly format: BatchFormat<Item>,
  ) {
    this.#from = new JsonReader(bytes);
    format.begin(this.#from);
    this.#result = { done: false, value: format.item };
  }

  /** @throws when the data turns out to be no JSON array */
  next(): IteratorResult<Item> {
    const from = this.#from;
    if (!from.ok) return this.#nextParsed();
    if (!from.skip(ROW)) {
      this.format.end?.(from);
      from.expectByte(BRACKET);
      return from.ok && from.at === this.bytes.length ? DONE : this.#nextParsed();
    }
    this.format.read(from);
    from.expectByte(BRACKET);
    if (!from.ok) return this.#nextParsed();
    this.#count++;
    return this.#result;
  }

  [Symbol.iterator](): this {
    return this;
  }

  #nextParsed(): IteratorResult<Item> {
    this.#from.ok = false;
    this.#parsed ??= readBatch(this.bytes.toString(), this.format.name);
    if (this.#count >= this.#parsed.length) return DONE;
    return { done: false, value: this.format.make(this.#parsed[this.#count++]) };
  }
}
