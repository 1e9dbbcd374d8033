import { createServer, Server } from 'node:net';
import { once } from 'node:events';
import { chooseApiPort, reachable } from './api-port';
import { freePort, tryPort } from './redis/free-port';

const open: Server[] = [];

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
}

afterEach(() => open.splice(0).forEach((server) => server.close()));

describe('chooseApiPort', () => {
  it('takes the port that was asked for', async () => {
    const port = await freePort();
    expect(await chooseApiPort('127.0.0.1', port)).toEqual({ port, note: null });
  });

  it('refuses a port that was asked for and is taken', async () => {
    const port = await freePort();
    await occupy(port);
    await expect(chooseApiPort('127.0.0.1', port)).rejects.toThrow(`API_PORT ${port} is in use on 127.0.0.1`);
  });

  it('goes on to the next port when the default one is taken, and says so', async () => {
    if ((await tryPort(8000, '127.0.0.1')) !== null) await occupy(8000);
    const { port, note } = await chooseApiPort('127.0.0.1', null);
    expect(port).toBeGreaterThan(8000);
    expect(note).toBe(`Port 8000 is in use: the API listens on ${port} instead.`);
  });
});

it.each([
  [undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '[::1]'],
  ['example.com', 'example.com'],
])('reaches what listens on %s at %s', (host, url) => expect(reachable(host)).toBe(url));
