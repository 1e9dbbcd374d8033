import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something at the address of the api that answers, or does not. */
export interface TestApi {
  readonly origin: string;
  readonly asked: { readonly method: string; readonly path: string; readonly authorization: string }[];
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

export async function startApi(): Promise<TestApi> {
  const asked: TestApi['asked'][number][] = [];
  let refusing = false;
  const server = createServer((request, response) => {
    if (refusing) return void request.socket.destroy();
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, path: url, authorization: headers.authorization ?? '' });
      const path = url.replace('/api/v1/realtime', '');
      const known = ['/health', '/watchlist'].includes(path);
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ asked: body === '' ? null : (JSON.parse(body) as unknown) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: (value) => void (refusing = value),
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
