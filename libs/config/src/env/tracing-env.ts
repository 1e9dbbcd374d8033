import type { Fault } from '../fault';
import { fragment, secretVariable, variable } from './fragment';
import { number, oneOf, text, type Kind } from './kinds';

/** Where traces go, and which. */
export interface TracingSettings {
  /** Address that spans are posted to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that are kept, 0 … 1. */
  readonly ratio: number;
  /** Whether a caller that says so in its `traceparent` decides instead. */
  readonly heedsCaller: boolean;
}

const httpUrl: Kind<string> = {
  expected: 'an address such as http://collector:4318',
  parse: (value) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
};

const sampler = oneOf(
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
);

/**
 * The standard variables of OpenTelemetry, off by default. A trace's id follows from the bar that it began with, so that every service
 * decides alike whether it is kept: `parentbased_X` and `X` are the same there. They differ for a request, whose caller may decide.
 */
export const tracingEnv = fragment(
  {
    exporter: variable('OTEL_TRACES_EXPORTER', oneOf('otlp', 'none'), 'otlp: send traces', 'none'),
    endpoint: variable('OTEL_EXPORTER_OTLP_ENDPOINT', httpUrl, 'collector, OTLP over HTTP', 'http://localhost:4318'),
    tracesEndpoint: variable('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', httpUrl, 'whole address for traces'),
    headers: secretVariable('OTEL_EXPORTER_OTLP_HEADERS', text('a list such as key=value,key2=value2'), 'headers'),
    serviceName: variable('OTEL_SERVICE_NAME', text(), "name in traces; default: the service's own"),
    resource: variable('OTEL_RESOURCE_ATTRIBUTES', text(), 'attributes of every span, key=value,…'),
    sampler: variable('OTEL_TRACES_SAMPLER', sampler, 'which traces are kept', 'parentbased_always_on'),
    ratio: variable('OTEL_TRACES_SAMPLER_ARG', number(0, 1), 'share of the traces that traceidratio keeps', 1),
  },
  (values, faults): TracingSettings | null => {
    if (values.exporter === 'none') return null;
    const url = values.tracesEndpoint ?? `${values.endpoint.replace(/\/+$/, '')}/v1/traces`;
    const ratio = values.sampler.endsWith('ratio') ? values.ratio : values.sampler.endsWith('off') ? 0 : 1;
    const heedsCaller = values.sampler.startsWith('parentbased');
    return { url, headers: headersOf(values.headers ?? '', faults), ratio, heedsCaller };
  },
);

function headersOf(list: string, faults: Fault[]): Record<string, string> {
  const pairs = list.split(',').filter((pair) => pair.trim() !== '');
  const headers = pairs.map((pair) => {
    const [, key, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/.exec(pair) ?? [];
    return key === undefined || value === undefined ? undefined : ([key, decoded(value.trim())] as const);
  });
  if (headers.every((header) => header?.[1] !== undefined)) return Object.fromEntries(headers as [string, string][]);
  const expected = 'key=value,key2=value2 with percent-encoded values';
  faults.push({ path: 'OTEL_EXPORTER_OTLP_HEADERS', message: 'is not valid', expected });
  return {};
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
