import { createHash, randomBytes } from 'node:crypto';

/** Where a span stands: 32 and 16 hexadecimal digits, as W3C writes them. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Ids follow from what the streams hold already: everybody who sees an entry knows the span that wrote it. A trace is the way that
 * began with one entry of the log of bars; the entries that one commit gives out carry one token and so share its span.
 */
export function idsOfEntry(stream: string, tag: string, entry: { readonly token: string; readonly origin: string }) {
  return { traceId: hashOf(32, tag, entry.origin), spanId: hashOf(16, stream, tag, entry.token) };
}

/** A span beside the streams, in the trace of another one. */
export function idsBeside({ traceId }: SpanIds, ...what: readonly string[]): SpanIds {
  return { traceId, spanId: hashOf(16, traceId, ...what) };
}

/** `00-<trace>-<span>-01`, for what leaves the streams. */
export const traceparentOf = ({ traceId, spanId }: SpanIds): string => `00-${traceId}-${spanId}-01`;

/** Of any version of the standard but ff, which is none; versions after 00 may have more behind the flags. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Null for what is no traceparent; `sampled`: whether who wrote it keeps the trace. */
export function parseTraceparent(text: string | undefined): (SpanIds & { readonly sampled: boolean }) | null {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text ?? '') ?? [];
  if (version === '00' && more !== undefined) return null;
  return traceId && spanId ? { traceId, spanId, sampled: (parseInt(flags ?? '0', 16) & 1) === 1 } : null;
}

/** A new span of a request: in the trace of its caller, or the beginning of one. */
export const newIds = (parent: SpanIds | null): SpanIds => ({
  traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
});

const hashOf = (digits: number, ...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, digits);
