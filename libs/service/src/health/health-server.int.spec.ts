import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { startHealthServer, type HealthServer } from './health-server';

const fine = () => ({ ok: true, parts: [] });
let server: HealthServer;
const start = async (metrics?: () => Promise<string>) => {
  server = await startHealthServer({
    port: 0,
    host: '127.0.0.1',
    ready: fine,
    live: fine,
    ...(metrics && { metrics }),
  });
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
};
afterEach(() => server.close());

it('refuses other methods', async () => {
  const get = await start();
  const answer = await get('/readyz', { method: 'POST' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
  expect((await get('/readyz', { method: 'HEAD' })).status).toBe(200);
});

it('ignores a query and tells what exists', async () => {
  const get = await start();
  expect((await get('/livez?verbose')).status).toBe(200);
  expect(await (await get('/')).text()).toContain('/livez');
});

it('answers 500 when the metrics cannot be read', async () => {
  const get = await start(() => Promise.reject(new Error('collector broke')));
  const answer = await get('/metrics');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('collector broke\n');
});

it('closes although a client holds its connection open', async () => {
  await start();
  const idle = connect(server.port, '127.0.0.1');
  idle.on('error', () => undefined);
  await new Promise((resolve) => idle.once('connect', resolve));
  const gone = new Promise((resolve) => idle.once('close', resolve));
  await server.close();
  await gone;
});

it('says so when the port is taken', async () => {
  await start();
  const taken = startHealthServer({ port: server.port, host: '127.0.0.1', ready: fine, live: fine });
  await expect(taken).rejects.toThrow(`health port ${server.port} is in use by another process; set HEALTH_PORT`);
});

it('listens on every address that there is, IPv6 among them', async () => {
  server = await startHealthServer({ port: 0, ready: fine, live: fine });
  const here = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.filter((one) => one.internal));
  const statuses = here.map(async ({ family, address }) => {
    const host = family === 'IPv6' ? `[${address}]` : address;
    return (await fetch(`http://${host}:${server.port}/livez`)).status;
  });
  expect(here.map(({ address }) => address)).toContain('127.0.0.1');
  expect(await Promise.all(statuses)).toEqual(here.map(() => 200));
});

it('says so when the address is not here', async () => {
  await start();
  const elsewhere = startHealthServer({ port: 0, host: '203.0.113.7', ready: fine, live: fine });
  await expect(elsewhere).rejects.toThrow('check HEALTH_HOST');
});
