import type { Alert } from '@wagehood/contracts';
import { idsBeside, idsOfEntry, messageOf, parseTraceparent, traceparentOf, withinTrace } from '@wagehood/service';
import type { Tracing } from '@wagehood/service';
import { stageLayouts, type LogEntry } from '@wagehood/streams';
import { DelayedError, type Job } from 'bullmq';

/** What a job carries of the trace that its signal came in; undefined when traces are off. */
export function traceparentOfSignals(tracing: Tracing | undefined, tag: string) {
  if (!tracing) return undefined;
  return (entry: LogEntry): string => traceparentOf(idsOfEntry(stageLayouts.alerting.input, tag, entry));
}

type Deliver = (job: Job<Alert>, token?: string) => Promise<void>;

/** A span for each attempt to deliver, in the trace of its signal; without tracing `deliver` as it is. */
export function traceDeliveries(tracing: Tracing | undefined, deliver: Deliver): Deliver {
  if (!tracing) return deliver;
  return (job, token) => {
    const parent = parseTraceparent(job.opts.telemetry?.metadata);
    if (!parent || !tracing.keeps(parent)) return deliver(job, token);
    const attempt = job.attemptsStarted;
    const ids = idsBeside(parent, 'deliver', job.id ?? '', `${attempt}`);
    const startMicros = Date.now() * 1_000;
    const startedAt = performance.now();
    const record = (outcome: string, error?: string): void =>
      tracing.record({
        name: 'deliver',
        kind: 'client',
        ids,
        parent,
        startMicros,
        endMicros: startMicros + (performance.now() - startedAt) * 1_000,
        attributes: { 'wagehood.channel': job.name, 'wagehood.attempt': attempt, 'wagehood.outcome': outcome },
        ...(error !== undefined && { error }),
      });
    return withinTrace(ids, () => deliver(job, token)).then(
      () => record('delivered'),
      (error: unknown) => {
        if (error instanceof DelayedError) record('postponed');
        else record('failed', messageOf(error));
        throw error;
      },
    );
  };
}
