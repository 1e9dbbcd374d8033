import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpLine } from './http-line';

describe('HttpLine', () => {
  let server: Server | null = null;
  const open = async (listener: RequestListener): Promise<HttpLine> => {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return new HttpLine(new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}`));
  };
  afterEach(() => new Promise((resolve) => server?.close(resolve)));

  it('waits for the whole of each answer, however it is cut', async () => {
    let rest: (() => void) | null = null;
    const line = await open((req, res) => {
      const length = Number(req.url?.slice(1));
      res.writeHead(length === 404 ? 404 : 200, { 'Content-Length': length });
      if (length < 2) return void res.end('x'.repeat(length));
      res.write('x');
      rest = () => res.end('x'.repeat(length - 1));
      setImmediate(() => rest?.());
    });
    for (const length of [0, 1, 2, 404, 100_000, 1]) {
      expect(await line.get(`/${length}`)).toBe(length === 404 ? 404 : 200);
    }
    line.close();
  });

  it('fails when the server hangs up', async () => {
    const line = await open((req) => req.socket.destroy());
    await expect(line.get('/')).rejects.toThrow();
    await expect(line.get('/')).rejects.toThrow('the server has closed the connection');
    line.close();
  });
});
