import {
  atRest,
  ended,
  openSettings,
  startSystem,
  type LogLine,
  type ServiceName,
  type ServiceProcess,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';
import { createServer, type AddressInfo } from 'node:net';
import { httpClient, type HttpClient } from './testing/http-client';
import { startCollector, type Collector, type ReceivedSpan } from './testing/collector';

const BARS = 300;
const SYMBOLS = ['SPY', 'QQQ'];
const SERVICES: readonly ServiceName[] = ['calculation-worker', 'strategy-evaluator', 'alerting', 'ingestion'];
const MOCK = { MOCK_SPEED: 'max', MOCK_BARS: `${BARS}` };
const SOON = { timeoutMs: 15_000, everyMs: 50 };

const settings = {
  ...openSettings(SYMBOLS, { enable_alerts: true }),
  alerts: { channels: { console: { type: 'console' as const } }, rules: [{ name: 'all', channels: ['console'] }] },
};

let system: System;
const begin = async (): Promise<void> => {
  system = await startSystem({ settings, partitions: 4 });
};

/** Lets all bars through the services with a certain environment. */
async function letThrough(environment: Record<string, string>): Promise<void> {
  const services = SERVICES.map((name) => system.start(name, { ...MOCK, LOG_LEVEL: 'debug', ...environment }));
  await Promise.all(services.map((service) => service.ready()));
  await ended(system, services[SERVICES.indexOf('ingestion')] as ServiceProcess);
  await atRest(system);
}

async function stopServices(): Promise<void> {
  for (const service of system.all()) expect(await service.terminate()).toMatchObject({ code: 0 });
}

describe('with a collector', () => {
  let collector: Collector;
  let lines: readonly LogLine[];
  beforeAll(async () => {
    [collector] = await Promise.all([startCollector(), begin()]);
    await letThrough({
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=desk%201',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
    await until(() => collector.spans.some(({ name }) => name === 'deliver'), SOON);
    lines = system.all().flatMap((service) => service.lines);
    await stopServices(); // sends what is left
  });
  afterAll(() => Promise.all([system?.stop(), collector?.close()]));

  const named = (wanted: string) => collector.spans.filter(({ name }) => name === wanted);
  const parentOf = (span: ReceivedSpan | undefined) =>
    collector.spans.find(({ spanId, traceId }) => spanId === span?.parentSpanId && traceId === span.traceId);
  /** A commit that takes several entries is the child of the first one's span, and linked to the others'. */
  const causesOf = (spans: readonly ReceivedSpan[]) =>
    spans.flatMap(({ parentSpanId, links }) => [parentSpanId, ...links.map(({ spanId }) => spanId)]);

  it('shows the way of a bar from the append to the delivery of its alert as one trace', () => {
    const [delivered] = named('deliver');
    const strategy = parentOf(delivered);
    const calculation = parentOf(strategy);
    const append = parentOf(calculation);
    const way = [append, calculation, strategy, delivered];
    expect(way.map((span) => `${span?.service}: ${span?.name}`)).toEqual([
      'ingestion: append',
      'calculation-worker: calculation commit',
      'strategy-evaluator: strategy commit',
      'alerting: deliver',
    ]);
    expect(append?.parentSpanId).toBeUndefined();
    expect(new Set(way.map((span) => span?.traceId)).size).toBe(1);
    expect(strategy?.attributes).toMatchObject({
      'messaging.destination.name': 'calculation_events_stream',
      'wagehood.partition': append?.attributes['wagehood.partition'],
      'wagehood.epoch': 1,
    });
    const ends = way.slice(0, 3).map((span) => BigInt(span?.endTimeUnixNano ?? 0));
    expect(ends[0]).toBeLessThan(ends[1] as bigint);
    expect(ends[1]).toBeLessThan(ends[2] as bigint);
    expect(causesOf(named('alerting commit'))).toContain(strategy?.spanId);
    expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-tenant': 'desk 1' } });
  });

  it('has every bar of the log in exactly one append and one commit, and links what a commit took beside its first', () => {
    const bars = (spans: readonly ReceivedSpan[]) =>
      spans.reduce((sum, { attributes }) => sum + Number(attributes['wagehood.bars']), 0);
    expect(bars(named('append'))).toBeGreaterThanOrEqual(SYMBOLS.length * BARS);
    expect(bars(named('calculation commit'))).toBe(bars(named('append')));
    const appends = new Set(named('append').map(({ spanId }) => spanId));
    const taken = causesOf(named('calculation commit'));
    expect([...appends].every((id) => taken.includes(id))).toBe(true);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('writes the trace into the lines about what is being handled', () => {
    const line = lines.find(({ message }) => message.startsWith('ALERT '));
    const span = collector.spans.find(({ spanId }) => spanId === line?.['span_id']);
    expect(span).toMatchObject({ name: 'deliver', traceId: line?.['trace_id'] });
  });
});

describe('a request', () => {
  let collector: Collector;
  let api: ServiceProcess;
  let client: HttpClient;
  beforeAll(async () => {
    [collector] = await Promise.all([startCollector(), begin()]);
    api = system.start('api', {
      ...{ API_AUTH: 'off', API_PORT: '0', WATCHLIST_SYMBOLS: SYMBOLS.join() },
      ...{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' },
    });
    await api.ready();
    client = await httpClient(api);
  });
  afterAll(() => Promise.all([system?.stop(), collector?.close()]));

  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const spansOf = (name: string) => collector.spans.filter((span) => span.name === name);

  it('is a span under the name of its route, on the hot path as well', async () => {
    for (let n = 0; n < 3; n++) expect((await client.get('/signals/SPY')).status).toBe(200);
    const spans = () => spansOf('GET /api/v1/realtime/signals/{symbol}');
    await until(() => spans().length === 3, SOON);
    expect(spans()).toMatchObject(
      [1, 2, 3].map(() => ({ service: 'api', attributes: { 'http.response.status_code': 200 } })),
    );
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(3);
  });

  it('goes on with the trace of its caller, into the log', async () => {
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    expect((await client.post('/watchlist', { symbol: 'IWM' }, headers)).status).toBe(200);
    await until(() => spansOf('POST /api/v1/realtime/watchlist').length > 0, SOON);
    const [span] = spansOf('POST /api/v1/realtime/watchlist');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7' });
    const line = api.logged('configuration written').at(-1);
    expect(line).toMatchObject({ trace_id: TRACE, span_id: span?.spanId });
  });
});

describe('otherwise', () => {
  beforeEach(begin);
  afterEach(() => system?.stop());

  it('sends nothing when it is not asked to, and lines carry no trace', async () => {
    const collector = await startCollector();
    await letThrough({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const lines = system.all().flatMap((service) => service.lines);
    await stopServices();
    await collector.close();
    expect(collector.requests).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => 'trace_id' in line)).toEqual([]);
  });

  it('a collector that is down costs one warning, and no bar', async () => {
    await letThrough({
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await closedPort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const warnings = () => system.all().map((service) => service.logged('traces could not be sent'));
    await until(() => warnings().every((lines) => lines.length > 0), { ...SOON, what: 'a warning of each service' });
    expect(warnings().map((lines) => lines.length)).toEqual(SERVICES.map(() => 1));
    await stopServices();
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
