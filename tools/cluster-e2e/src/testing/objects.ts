/** An object of the API, as far as a test server must know it. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly generation?: number;
    readonly [field: string]: unknown;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export type Event = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ApiObject };

/** Everything in the cluster by the path of its collection and its name, and who watches. */
export class Objects {
  readonly #collections = new Map<string, Map<string, ApiObject>>();
  readonly #watchers = new Set<(collection: string, event: Event) => void>();
  #version = 1;

  list(collection: string): ApiObject[] {
    return [...(this.#collections.get(collection)?.values() ?? [])];
  }

  get(collection: string, name: string): ApiObject | undefined {
    return this.#collections.get(collection)?.get(name);
  }

  put(collection: string, object: ApiObject): ApiObject {
    const known = this.#collections.get(collection) ?? new Map<string, ApiObject>();
    this.#collections.set(collection, known);
    const { name } = object.metadata;
    const type = known.has(name) ? 'MODIFIED' : 'ADDED';
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion: `${++this.#version}`, uid: name } };
    known.set(name, versioned);
    this.#tell(collection, { type, object: versioned });
    return versioned;
  }

  delete(collection: string, name: string): ApiObject | undefined {
    const object = this.get(collection, name);
    if (!object) return undefined;
    this.#collections.get(collection)?.delete(name);
    this.#version++;
    this.#tell(collection, { type: 'DELETED', object });
    return object;
  }

  /** @returns a function that ends it */
  watch(listener: (collection: string, event: Event) => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  get version(): string {
    return `${this.#version}`;
  }

  #tell(collection: string, event: Event): void {
    for (const watcher of [...this.#watchers]) watcher(collection, event);
  }
}

/** A merge patch, which a strategic one is as well where no list is touched. */
export function merge<T>(target: T, patch: unknown): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as T;
  const merged = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (!key.startsWith('$')) merged[key] = merge(merged[key] ?? {}, value);
  }
  return merged as T;
}
