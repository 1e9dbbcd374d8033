import type { TracingSettings } from '@wagehood/config';
import type { Logger } from '../log/logger';
import { rateLimited } from '../log/rate-limited';
import type { Part } from '../part';
import { messageOf } from '../start-error';
import type { Tracing } from './tracing';

/** At the end, what was not sent within this time is given up: the drain belongs to the bars. */
const LAST_FLUSH_MS = 500;
const WARN_EVERY_MS = 60_000;

export interface OpenTracing {
  readonly tracing: Tracing;
  /** Stops last, so that the spans of the last commits are sent. */
  readonly part: Part;
}

/** Loads OpenTelemetry, if traces are wanted. */
export async function openTracing(
  settings: TracingSettings | null | undefined,
  {
    name,
    id,
    log,
    environment,
  }: { name: string; id: string; log: Logger; environment: { OTEL_SERVICE_NAME?: string } },
): Promise<OpenTracing | null> {
  if (!settings) return null;
  const quiet = rateLimited(log, { everyMs: WARN_EVERY_MS });
  const { createSpanExporter } = await import('./span-exporter');
  const { tracing, close } = createSpanExporter({
    settings,
    service: name,
    serviceName: environment.OTEL_SERVICE_NAME?.trim(),
    instance: id,
    onError: (error) => quiet.warn('lost', 'traces could not be sent', { error: messageOf(error) }),
  });
  const part: Part = {
    name: 'traces',
    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_FLUSH_MS)));
      await Promise.race([close().catch(() => undefined), enough]);
      clearTimeout(timer);
    },
  };
  return { tracing, part };
}
