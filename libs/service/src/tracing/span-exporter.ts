// The only file that loads OpenTelemetry; it is loaded itself when traces are switched on, and not before.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, type SpanContext } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { TracingSettings } from '@wagehood/config';
import type { SpanIds } from './trace-ids';
import type { SpanRecord, Tracing } from './tracing';

export interface SpanExporterOptions {
  readonly settings: TracingSettings;
  readonly service: string;
  /** OTEL_SERVICE_NAME: goes before a name among OTEL_RESOURCE_ATTRIBUTES. */
  readonly serviceName?: string | undefined;
  readonly instance: string;
  readonly onError: (error: unknown) => void;
}

const kinds = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
};

/** Sends spans to a collector in batches. The queue is bounded: what does not fit is dropped. */
export function createSpanExporter(options: SpanExporterOptions) {
  const { settings, onError } = options;
  setGlobalErrorHandler(onError);
  const resource = resourceOf(options);
  const exporter = new OTLPTraceExporter({ url: settings.url, headers: settings.headers });
  const processor = new BatchSpanProcessor(exporter);
  const sampler = new TraceIdRatioBasedSampler(settings.ratio);
  const tracing: Tracing = {
    keeps: ({ traceId }, callerKeeps) =>
      settings.heedsCaller && callerKeeps !== undefined
        ? callerKeeps
        : sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED,
    record: (span) => processor.onEnd(readableSpan(span, resource)),
  };
  return { tracing, close: () => processor.shutdown() };
}

const resourceOf = ({ service, serviceName, instance }: SpanExporterOptions): Resource =>
  resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance })
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(serviceName ? { 'service.name': serviceName } : {}));

const contextOf = ({ traceId, spanId }: SpanIds): SpanContext => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });

const hrTime = (micros: number): [number, number] => [Math.floor(micros / 1e6), Math.round((micros % 1e6) * 1e3)];

function readableSpan(span: SpanRecord, resource: Resource): ReadableSpan {
  const { name, kind, ids, parent, links = [], startMicros, endMicros, attributes, error } = span;
  const context = contextOf(ids);
  return {
    name,
    kind: kinds[kind],
    spanContext: () => context,
    ...(parent && { parentSpanContext: contextOf(parent) }),
    startTime: hrTime(startMicros),
    endTime: hrTime(endMicros),
    duration: hrTime(endMicros - startMicros),
    ended: true,
    status: error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
    attributes,
    links: links.map((link) => ({ context: contextOf(link) })),
    events: [],
    resource,
    instrumentationScope: { name: 'wagehood' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
