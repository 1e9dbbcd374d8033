import type { ApiObject } from './kubernetes-objects';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface StoredEvent {
  readonly version: number;
  readonly type: EventType;
  readonly object: ApiObject;
}

/** The objects of one kind, and what happened to them since the last compaction: what etcd is to the API server. */
export class ObjectStore {
  readonly objects = new Map<string, ApiObject>();
  readonly listeners = new Set<(event: StoredEvent) => void>();
  #events: StoredEvent[] = [];
  #compactedAt = 0;

  /** @param next gives versions that grow over all kinds */
  constructor(private readonly next: () => number) {}

  put(object: ApiObject): void {
    const type = this.objects.has(object.metadata.name) ? 'MODIFIED' : 'ADDED';
    const version = this.next();
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.objects.set(object.metadata.name, stored);
    this.#tell({ version, type, object: stored });
  }

  remove(name: string): void {
    const object = this.objects.get(name);
    if (!object) throw new Error(`there is no ${name}`);
    this.objects.delete(name);
    const version = this.next();
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.#tell({ version, type: 'DELETED', object: stored });
  }

  /** Forgets what happened: a watch from before is answered with 410 Gone. */
  compact(): void {
    this.#events = [];
    this.#compactedAt = this.next();
  }

  /** What happened after a version; null when that is not known any more. */
  since(version: number): readonly StoredEvent[] | null {
    return version < this.#compactedAt ? null : this.#events.filter((event) => event.version > version);
  }

  #tell(event: StoredEvent): void {
    this.#events.push(event);
    for (const listener of this.listeners) listener(event);
  }
}
