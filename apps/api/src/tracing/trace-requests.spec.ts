import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { SpanRecord, Tracing } from '@wagehood/service';
import { until } from '@wagehood/testing';
import { routeOfPath } from './route-names';
import { traceRequests } from './trace-requests';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';
const answer =
  (status: number): RequestListener =>
  (req, res) => {
    req.url = '/shortened'; // as express does
    res.writeHead(status).end();
  };

let spans: SpanRecord[];
let server: Server;
const tracing: Tracing = { keeps: (_, callerKeeps = true) => callerKeeps, record: (span) => void spans.push(span) };

async function serve(listener: RequestListener): Promise<number> {
  spans = [];
  server = createServer(traceRequests(tracing, listener));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
afterEach(() => new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined))));

async function spanOf(path: string, status: number, init?: RequestInit): Promise<SpanRecord> {
  const port = await serve(answer(status));
  await (await fetch(`http://127.0.0.1:${port}${path}`, init)).text();
  return until(() => spans[0], { what: 'a span' });
}

it('is nothing but the listener itself when traces are off', () => {
  const listener = answer(200);
  expect(traceRequests(undefined, listener)).toBe(listener);
});

it('goes on with the trace of its caller, and bears the name of the route', async () => {
  const headers = { traceparent: `00-${trace}-${caller}-01` };
  const span = await spanOf('/api/v1/realtime/signals/SPY?limit=1&secret=x', 200, { headers });
  expect(span).toMatchObject({
    name: 'GET /api/v1/realtime/signals/{symbol}',
    kind: 'server',
    ids: { traceId: trace },
    parent: { traceId: trace, spanId: caller },
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/v1/realtime/signals/{symbol}',
      'http.response.status_code': 200,
      'url.path': '/api/v1/realtime/signals/SPY',
      'network.protocol.version': '1.1',
    },
  });
  expect(span.ids.spanId).not.toBe(caller);
  expect(span.endMicros).toBeGreaterThan(span.startMicros);
  expect(JSON.stringify(span)).not.toContain('secret');
  expect(span).not.toHaveProperty('error');
});

it('begins a trace where there is none, and has no name for what is no route', async () => {
  const span = await spanOf('/wp-admin', 404, { method: 'POST' });
  expect(span).toMatchObject({
    name: 'POST',
    attributes: { 'url.path': '/wp-admin', 'http.response.status_code': 404 },
  });
  expect(span).not.toHaveProperty('parent');
  expect(span).not.toHaveProperty('error'); // the mistake of a client
  expect(span.attributes).not.toHaveProperty('http.route');
});

it('says what failed', async () => {
  expect(await spanOf('/api/v1/realtime/health', 503)).toMatchObject({
    error: 'answered with 503',
    attributes: { 'error.type': '503', 'http.response.status_code': 503 },
  });
});

it('leaves out what its caller does not keep', async () => {
  const port = await serve(answer(204));
  const ask = (flags: string) =>
    fetch(`http://127.0.0.1:${port}/`, { headers: { traceparent: `00-${trace}-${caller}-${flags}` } });
  for (const flags of ['00', '01']) expect((await ask(flags)).status).toBe(204);
  await until(() => spans.length > 0);
  expect(spans).toHaveLength(1);
});

it('ends with a client that has left', async () => {
  const port = await serve(() => client.destroy());
  const client = connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  expect((await until(() => spans[0])).attributes).toMatchObject({ 'error.type': 'aborted' });
});

it('knows the routes of the documentation, and no other', () => {
  expect(routeOfPath('/api/v1/realtime/data/historical/BTC-USD')).toBe('/api/v1/realtime/data/historical/{symbol}');
  expect(routeOfPath('/api/v1/realtime/indicators')).toBeUndefined();
  expect(routeOfPath('/api/v1/realtime/indicators/A/B')).toBeUndefined();
  expect(routeOfPath('/')).toBeUndefined();
});
