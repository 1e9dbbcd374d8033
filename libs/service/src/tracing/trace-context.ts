import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanIds } from './trace-ids';

/** What is being handled, for the lines of the log. Costs nothing as long as nobody calls `withinTrace`. */
const handled = new AsyncLocalStorage<{ readonly trace_id: string; readonly span_id: string }>();

/** Does some work of which every log line carries `trace_id` and `span_id`. */
export function withinTrace<T>({ traceId, spanId }: SpanIds, work: () => T): T {
  return handled.run({ trace_id: traceId, span_id: spanId }, work);
}

export const traceFields = (): object | undefined => handled.getStore();
