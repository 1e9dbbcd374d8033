interface Entry<Value> {
  readonly bytes: Uint8Array;
  readonly value: Value;
  readonly next: Entry<Value> | undefined;
}

/** More different texts than any market has: somebody writes nonsense, and the memory begins anew. */
const MOST = 200_000;

/** What texts mean, found by their bytes: a name that comes with every bar becomes a string once. */
export class Interned<Value> {
  readonly #byHash = new Map<number, Entry<Value>>();
  #size = 0;

  constructor(private readonly make: (text: string) => Value) {}

  /** The value of the text in bytes `from`…`to` − 1. */
  of(hash: number, bytes: Uint8Array, from: number, to: number): Value {
    for (let entry = this.#byHash.get(hash); entry; entry = entry.next)
      if (sameBytes(entry.bytes, bytes, from, to)) return entry.value;
    return this.#add(hash, bytes.slice(from, to));
  }

  #add(hash: number, bytes: Uint8Array): Value {
    if (++this.#size > MOST) {
      this.#byHash.clear();
      this.#size = 1;
    }
    const value = this.make(Buffer.from(bytes).toString('latin1'));
    this.#byHash.set(hash, { bytes, value, next: this.#byHash.get(hash) });
    return value;
  }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
