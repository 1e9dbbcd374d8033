import { JsonReader } from '../json/json-reader';
import { jsonPiece } from '../json/json-writer';

const [ARRAY, COMMA, END, ARRAY_END] = [jsonPiece('['), jsonPiece(','), jsonPiece('}'), jsonPiece(']')];
const DONE: IteratorResult<never> = { done: true, value: undefined };

/** How the items of an array are read. */
export interface ItemFormat<Item> {
  /** What the items are, for the message when there is no array of them. */
  readonly name: string;
  /** The item that is filled anew for each one that is written as we write it. */
  readonly item: Item;
  /** Fills the item from its text, up to its closing brace; clears `from.ok` when it is not written as we write it. */
  read(from: JsonReader): void;
  /** An item of what `JSON.parse` has found. */
  make(parsed: unknown): Item;
}

/**
 * The items of an entry's data, a JSON array, one after the other. As long as they are written as we write them they are read into one and
 * the same item, which is good until the next one is asked for: a bar leaves nothing behind to be collected. From the first one on that
 * is written otherwise, `JSON.parse` says what they are.
 */
export class ArrayReader<Item> implements IterableIterator<Item> {
  readonly #from: JsonReader;
  readonly #result: { done: false; value: Item };
  /** The end of the array has been read. */
  #isOver: boolean;
  /** Items so far. */
  #count = 0;
  /** What `JSON.parse` has found; null as long as it was not asked. */
  #parsed: readonly unknown[] | null = null;

  constructor(
    private readonly bytes: Buffer,
    private readonly format: ItemFormat<Item>,
  ) {
    this.#from = new JsonReader(bytes);
    this.#from.expect(ARRAY);
    this.#isOver = this.#from.skip(ARRAY_END);
    this.#result = { done: false, value: format.item };
  }

  /** @throws when the data turns out to be no JSON array */
  next(): IteratorResult<Item> {
    const from = this.#from;
    if (!from.ok) return this.#nextParsed();
    if (this.#isOver) return from.at === this.bytes.length ? DONE : this.#nextParsed();
    this.format.read(from);
    from.expect(END);
    if (!from.ok) return this.#nextParsed();
    this.#count++;
    this.#isOver = !from.skip(COMMA);
    if (this.#isOver) from.expect(ARRAY_END);
    return this.#result;
  }

  [Symbol.iterator](): this {
    return this;
  }

  #nextParsed(): IteratorResult<Item> {
    this.#parsed ??= parseArray(this.bytes, this.format.name);
    if (this.#count >= this.#parsed.length) return DONE;
    return { done: false, value: this.format.make(this.#parsed[this.#count++]) };
  }
}

function parseArray(bytes: Buffer, name: string): readonly unknown[] {
  const found: unknown = JSON.parse(bytes.toString());
  if (!Array.isArray(found)) throw new Error(`data is no JSON array of ${name}`);
  return found;
}
