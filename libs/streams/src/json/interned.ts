interface Entry<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
  /** The next one of the same hash. */
  readonly next: Entry<Value> | undefined;
  /** The one that was found after this one last time. */
  follower: Entry<Value> | undefined;
}

/** More different texts than any market has: somebody writes nonsense, and the memory begins anew. */
const MOST = 200_000;

/** What texts mean, found by their bytes: a name that comes with every bar becomes a string once. */
export class Interned<Value> {
  readonly #byHash = new Map<number, Entry<Value>>();
  #size = 0;
  #last: Entry<Value> | undefined;

  constructor(private readonly make: (text: string) => Value) {}

  /**
   * The last text once more, or the one that followed it before, if it stands here with the byte `end` behind it: names come in the same
   * order over and over, and then none has to be hashed.
   */
  again(bytes: Uint8Array, from: number, end: number): { readonly bytes: Uint8Array; readonly value: Value } | null {
    const last = this.#last;
    if (!last || standsAt(last, bytes, from, end)) return last ?? null;
    const guess = last.follower;
    if (!guess || !standsAt(guess, bytes, from, end)) return null;
    this.#last = guess;
    return guess;
  }

  /** The value of the text in bytes `from`…`to` − 1. */
  of(hash: number, bytes: Uint8Array, from: number, to: number): Value {
    let entry = this.#byHash.get(hash);
    while (entry && !(entry.bytes.length === to - from && sameBytes(entry.bytes, bytes, from))) entry = entry.next;
    entry ??= this.#add(hash, Uint8Array.from(bytes.subarray(from, to))); // a copy: a view would keep all bytes around it
    if (this.#last && this.#last !== entry) this.#last.follower = entry;
    this.#last = entry;
    return entry.value;
  }

  #add(hash: number, bytes: Uint8Array): Entry<Value> {
    if (++this.#size > MOST) {
      this.#byHash.clear();
      this.#size = 1;
    }
    const value = this.make(Buffer.from(bytes).toString('latin1'));
    const entry: Entry<Value> = { bytes, value, next: this.#byHash.get(hash), follower: undefined };
    this.#byHash.set(hash, entry);
    return entry;
  }
}

function standsAt({ bytes: known }: Entry<unknown>, bytes: Uint8Array, from: number, end: number): boolean {
  return bytes[from + known.length] === end && sameBytes(known, bytes, from);
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
