import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpServerOptions {
  readonly listener: RequestListener;
  /** Undefined: every address, IPv4 and IPv6. */
  readonly host: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface HttpServer {
  /** Where it listens; throws before `start`. */
  address(): { readonly address: string; readonly port: number };
  /** Rejects with one readable line when the port is taken or not ours to take. */
  start(): Promise<void>;
  /** Stops accepting, lets requests in flight finish for `graceMs`, then cuts what is left. */
  stop(graceMs?: number): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;

export function createHttpServer({ listener, host, port }: HttpServerOptions): HttpServer {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 15_000 }, listener);
  server.on('clientError', refuseMalformed);
  return {
    address: () => server.address() as AddressInfo,
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(explain(error, host, port))));
        server.listen(port, host, () => resolve());
      }),
    stop: (graceMs = 2_000) => closeServer(server, graceMs),
  };
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function explain(error: NodeJS.ErrnoException, host = 'this machine', port: number): string {
  if (error.code === 'EADDRINUSE')
    return `port ${port} on ${host} is in use; set API_PORT to another one (0 takes any)`;
  if (error.code === 'EACCES') return `port ${port} on ${host} needs privileges; set API_PORT to 1024 or above`;
  if (error.code === 'EADDRNOTAVAIL') return `${host} is no address of this machine; check API_HOST`;
  return `cannot listen on ${host}:${port}: ${error.message}`;
}

/** What Node could not parse as HTTP never reaches express, and is still answered in our format. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, title] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: 'this is not a well-formed HTTP request' });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
