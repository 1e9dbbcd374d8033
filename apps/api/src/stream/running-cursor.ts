import { formatPosition, type Cursor, type LogKey, type Position } from './cursor';

/** A cursor that moves with every event; keeps its text in parts, because it is written into every event's id. */
export class RunningCursor {
  readonly #positions = new Map<LogKey, Position>();
  readonly #parts = new Map<LogKey, string>();
  #text: string | null = null;

  constructor(from: Cursor) {
    for (const [key, position] of from) this.set(key, position);
  }

  get(key: LogKey): Position | undefined {
    return this.#positions.get(key);
  }

  set(key: LogKey, position: Position): void {
    this.#positions.set(key, position);
    this.#parts.set(key, formatPosition(key, position));
    this.#text = null;
  }

  keys(): IterableIterator<LogKey> {
    return this.#positions.keys();
  }

  text(): string {
    return (this.#text ??= Array.from(this.#parts.values()).join('.'));
  }
}
