import { defineEnv, loadEnv } from './load-env';
import { tracingEnv } from './tracing-env';

const load = (source: Record<string, string>) => loadEnv(defineEnv({ tracing: tracingEnv }), source, () => '');
const on = { OTEL_TRACES_EXPORTER: 'otlp' };
const tracingOf = (source: Record<string, string>) => {
  const loaded = load({ ...on, ...source });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.value.tracing;
};

it('is off unless it is asked for, whatever else is set', () => {
  expect(load({})).toMatchObject({ ok: true, value: { tracing: null } });
  expect(load({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x:4318' })).toMatchObject({ ok: true, value: { tracing: null } });
});

it('adds the path to the endpoint of all signals and none to the one of traces', () => {
  expect(tracingOf({})).toEqual({ url: 'http://localhost:4318/v1/traces', headers: {}, ratio: 1, heedsCaller: true });
  expect(tracingOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' })?.url).toBe('https://c/otlp/v1/traces');
  expect(tracingOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:1/in' })?.url).toBe('http://c:1/in');
});

it.each([
  ['always_on', 1],
  ['always_off', 0],
  ['traceidratio', 0.25],
  ['parentbased_traceidratio', 0.25],
  ['parentbased_always_off', 0],
])('samples %s', (sampler, ratio) =>
  expect(tracingOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0.25' })).toMatchObject({
    ratio,
    heedsCaller: sampler.startsWith('parentbased'),
  }),
);

it('reads headers and never shows them', () => {
  expect(tracingOf({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%2Cb, x=y=z' })?.headers).toEqual({
    'api-key': 'a,b',
    x: 'y=z',
  });
  for (const headers of ['s3cret', 'a=%zz']) {
    const refused = load({ ...on, OTEL_EXPORTER_OTLP_HEADERS: headers });
    expect(refused).toMatchObject({ ok: false, faults: [{ path: 'OTEL_EXPORTER_OTLP_HEADERS' }] });
    expect(JSON.stringify(refused)).not.toContain(headers);
  }
});

it.each([
  ['OTEL_TRACES_EXPORTER', 'jaeger'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
])('refuses %s=%s', (name, value) => expect(load({ [name]: value })).toMatchObject({ faults: [{ path: name }] }));
