/**
 * Holds what was just read for a moment and lets everybody who asks meanwhile wait for the same read. A failed read is
 * not kept. Bounded: beyond `maxEntries` the oldest entries go first.
 */
export class MicroCache<V> {
  readonly #entries = new Map<string, { value: V | null; pending: Promise<V> | null; freshUntil: number }>();

  constructor(
    private readonly ttlMs: number,
    private readonly maxEntries: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The value at once while it is fresh, else a promise of it. */
  get(key: string, read: () => Promise<V>): V | Promise<V> {
    const entry = this.#entries.get(key);
    if (entry?.pending) return entry.pending;
    if (entry?.value != null && this.nowMs() < entry.freshUntil) return entry.value;
    return this.#load(key, read);
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #load(key: string, read: () => Promise<V>): Promise<V> {
    const pending = read().then(
      (value) => {
        if (this.#entries.get(key) === entry) {
          entry.value = value;
          entry.pending = null;
          entry.freshUntil = this.nowMs() + this.ttlMs;
        }
        return value;
      },
      (error: unknown) => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        throw error;
      },
    );
    const entry = { value: null as V | null, pending: pending as Promise<V> | null, freshUntil: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.maxEntries) break;
      this.#entries.delete(oldest);
    }
    return pending;
  }
}
