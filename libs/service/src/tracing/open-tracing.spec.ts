import type { SpanExporterOptions } from './span-exporter';
import type { Tracing } from './tracing';

const loaded = jest.fn();
const created: SpanExporterOptions[] = [];
const close = jest.fn(() => new Promise<void>(() => undefined)); // a collector that never answers
// Not `api`: prom-client loads that one in any case.
for (const name of ['core', 'exporter-trace-otlp-http', 'resources', 'sdk-trace-base']) {
  jest.doMock(`@opentelemetry/${name}`, () => loaded(name) ?? {});
}
jest.doMock('./span-exporter', () => {
  loaded('span-exporter');
  const tracing: Tracing = { keeps: () => true, record: () => undefined };
  return { createSpanExporter: (options: SpanExporterOptions) => created.push(options) && { tracing, close } };
});

const settings = { url: 'http://127.0.0.1:1/v1/traces', headers: {}, ratio: 1, heedsCaller: true };
const warn = jest.fn();
const log = { debug: warn, info: warn, warn, error: warn, child: () => log };
const about = { name: 'fixture', id: 'host/1', log, environment: {} };

// Behind the mocks above, so that whatever these files load is seen.
const load = async () => ({ ...(await import('../index')), ...(await import('./open-tracing')) });
let service: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  service = await load();
});
beforeEach(() => warn.mockClear());

it('off: nothing of OpenTelemetry is loaded, and hooks are what they were', async () => {
  expect(await service.openTracing(null, about)).toBeNull();
  expect(await service.openTracing(undefined, about)).toBeNull();
  expect(loaded).not.toHaveBeenCalled();
  const onEvent = () => undefined;
  const stage = service.traceStage(undefined, 'calculation', 4, onEvent);
  expect(stage).toEqual({ onEvent });
  const hooks = {};
  expect(service.traceAppends(undefined, 4, hooks)).toBe(hooks);
});

describe('on', () => {
  it('loads it once it is opened, under the name that OTEL_SERVICE_NAME gives', async () => {
    await service.openTracing(settings, { ...about, environment: { OTEL_SERVICE_NAME: 'desk' } });
    expect(loaded).toHaveBeenCalledWith('span-exporter');
    expect(created.at(-1)).toMatchObject({ settings, service: 'fixture', serviceName: 'desk', instance: 'host/1' });
  });

  it('warns once of many failures', async () => {
    await service.openTracing(settings, about);
    for (let i = 0; i < 100; i++) created.at(-1)?.onError(new Error('connect ECONNREFUSED'));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith('traces could not be sent', { error: 'connect ECONNREFUSED' });
  });

  it('gives up the last spans after a moment when the collector does not answer', async () => {
    const opened = await service.openTracing(settings, about);
    const startedAt = performance.now();
    await opened?.part.stop?.();
    expect(close).toHaveBeenCalled();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
