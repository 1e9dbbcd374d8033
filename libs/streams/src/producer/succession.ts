interface Place<Value> {
  readonly name: string;
  value: Value;
  /** The one that was asked for after it the last time. */
  next: Place<Value> | null;
}

/**
 * Values by name. Markets bring their symbols in much the same order again and again, so the one that followed last time is tried first:
 * that spares the way through a table of thousands, none of which lies near another.
 */
export class Succession<Value> {
  readonly #byName = new Map<string, Place<Value>>();
  #last: Place<Value> | null = null;

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    for (const [name, value] of entries) this.set(name, value);
  }

  get(name: string): Value | undefined {
    const last = this.#last;
    let place = last?.next;
    if (place?.name !== name) {
      place = this.#byName.get(name);
      if (!place) return undefined;
      if (last) last.next = place;
    }
    this.#last = place;
    return place.value;
  }

  /** Whatever had the name before has it no longer. */
  set(name: string, value: Value): void {
    const known = this.#byName.get(name);
    if (known) known.value = value;
    else this.#byName.set(name, { name, value, next: null });
  }
}
