import { until } from '@wagehood/testing';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sampleSignal, sampleStats } from '../testing/samples';
import { followApi, signalsOf, type ApiFeed } from './api-feed';

const streams: { response: ServerResponse; lastId: unknown }[] = [];
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://api');
  if (pathname.endsWith('/stats')) return void response.end(JSON.stringify(sampleStats));
  if (pathname.endsWith('/signals/SPX')) return void response.end(JSON.stringify({ signals: [sampleSignal] }));
  if (!pathname.endsWith('/stream')) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': hello\n\n');
  streams.push({ response, lastId: request.headers['last-event-id'] });
});
let base: string;
let feed: ApiFeed;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => feed.stop());
afterAll(() => server.close());

const event = (id: string) =>
  `id: ${id}\ndata: ${JSON.stringify({ type: 'signal', symbol: 'SPX', data: sampleSignal, timestamp: '' })}\n\n`;

it('shows figures and signals, resumes where it was cut off, and leaves no connection behind', async () => {
  const signals: unknown[] = [];
  const stats: unknown[] = [];
  feed = followApi(base, { onStats: (value) => stats.push(value), onSignal: (value) => signals.push(value) });
  await until(() => streams.length === 1 && stats.length > 0);
  streams[0]?.response.write(event('7'));
  await until(() => signals.length === 1);
  expect(signals[0]).toEqual(sampleSignal);
  streams[0]?.response.destroy();
  await until(() => streams.length === 2);
  expect(streams[1]?.lastId).toBe('7');

  expect(await signalsOf(base, 'SPX', 10)).toEqual([sampleSignal]);
  await expect(signalsOf(base, 'NOPE', 10)).rejects.toThrow('404');

  feed.stop();
  await until(() => new Promise((done) => server.getConnections((_error, count) => done(count === 0))));
});
