import { freeBytes } from '../json/free-bytes';

/** One entry of a stream as it was read. */
export interface LogEntry {
  readonly offset: number;
  readonly kind: string;
  /** JSON text. */
  readonly data: string;
  /** The same text as UTF-8 bytes. */
  readonly bytes: Buffer;
  /** Server time of the append in µs, as text: identity of the entry and the only clock that a stage may use. */
  readonly token: string;
  /** The same time in whole ms since the epoch. */
  readonly appendedAt: number;
  /** Token of the bar's own entry, in which the way of this one began: its own in the log of bars. */
  readonly origin: string;
  /** Bars (events) in the stream up to and with this entry. */
  readonly bars: number;
  /** Gives the memory of its text back; nobody may ask for that any more. */
  free(): void;
}

export type RawEntry = readonly [id: string | Buffer, fields: readonly (string | Buffer)[]];

class Entry implements LogEntry {
  readonly appendedAt: number;
  #data: string | Buffer;

  constructor(
    readonly offset: number,
    readonly kind: string,
    data: string | Buffer,
    readonly token: string,
    readonly bars: number,
    readonly origin: string,
  ) {
    this.appendedAt = Math.floor(Number(token) / 1_000);
    this.#data = data;
  }

  get data(): string {
    return this.#data.toString();
  }

  get bytes(): Buffer {
    return typeof this.#data === 'string' ? Buffer.from(this.#data) : this.#data;
  }

  free(): void {
    if (typeof this.#data !== 'string') freeBytes(this.#data);
    this.#data = '';
  }
}

/** An entry as XRANGE and XREADGROUP give it: id and a flat list of fields. */
export function parseEntry([id, fields]: RawEntry): LogEntry {
  const at = new Map<string, string | Buffer>();
  for (let i = 0; i + 1 < fields.length; i += 2) at.set(String(fields[i]), fields[i + 1] as string | Buffer);
  const text = (name: string): string => (at.get(name) ?? '').toString();
  return logEntry({
    offset: Number.parseInt(id.toString(), 10),
    kind: text('kind'),
    data: at.get('data') ?? '',
    token: text('token'),
    bars: Number(text('bars')),
    origin: text('origin'),
  });
}

export function logEntry(
  of: Omit<LogEntry, 'data' | 'bytes' | 'appendedAt' | 'origin' | 'free'> & {
    readonly data: string | Buffer;
    readonly origin?: string;
  },
): LogEntry {
  return new Entry(of.offset, of.kind, of.data, of.token, of.bars, of.origin || of.token);
}
