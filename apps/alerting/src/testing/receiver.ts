import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** A real HTTP server that plays the receiver of webhooks. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What it answers from now on: a status, or `hang` for no answer at all. */
  answer: number | 'hang';
  /** How long it takes over an answer. */
  delayMs: number;
  /** Headers of its answers. */
  headers: Record<string, string>;
  close(): Promise<void>;
}

export async function startReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' });
      const { answer, headers, delayMs } = receiver;
      if (answer === 'hang') return;
      setTimeout(() => response.writeHead(answer, headers).end('thanks'), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const receiver: Receiver = {
    url: `http://${host}:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: 200,
    delayMs: 0,
    headers: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
