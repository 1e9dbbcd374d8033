import type { SpanIds } from './trace-ids';

/** One span, after the fact. Times in µs since the epoch. */
export interface SpanRecord {
  readonly name: string;
  readonly kind: 'producer' | 'consumer' | 'client' | 'server';
  readonly ids: SpanIds;
  readonly parent?: SpanIds;
  readonly links?: readonly SpanIds[];
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly error?: string;
}

/** Where spans go. Neither waits nor throws: a collector that is away costs spans, never bars. */
export interface Tracing {
  /** Whether this trace is kept; the same in every service. `callerKeeps`: what the caller of a request says, if it says anything. */
  keeps(ids: SpanIds, callerKeeps?: boolean): boolean;
  record(span: SpanRecord): void;
}
