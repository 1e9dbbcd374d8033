import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../start-error';
import type { Report } from './report';

export interface HealthServerOptions {
  readonly port: number;
  /** Absent: every address, IPv4 and IPv6. */
  readonly host?: string | undefined;
  readonly ready: () => Report;
  readonly live: () => Report & { readonly eventLoopDelayMs?: number };
  /** Absent: /metrics does not exist. */
  readonly metrics?: () => Promise<string>;
}

export interface HealthServer {
  /** The port it listens on; chosen by the system when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

const sendReport = (response: ServerResponse, report: Report) => {
  response.writeHead(report.ok ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(report)}\n`);
};

const sendText = (response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8') => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
};

async function answer(request: IncomingMessage, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendText(response, 405, 'method not allowed\n');
  }
  const path = (request.url ?? '/').split('?')[0];
  if (path === '/livez') return sendReport(response, options.live());
  if (path === '/readyz') return sendReport(response, options.ready());
  if (path === '/metrics' && options.metrics) {
    return sendText(response, 200, await options.metrics(), 'text/plain; version=0.0.4; charset=utf-8');
  }
  return sendText(response, 404, 'not found; try /livez, /readyz or /metrics\n');
}

function explain(error: NodeJS.ErrnoException, port: number): StartError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is in use by another process; set HEALTH_PORT to another port (0 = any free one)',
    EADDRNOTAVAIL: 'cannot be opened at an address that this machine does not have; check HEALTH_HOST',
    EACCES: 'may not be opened by this user; set HEALTH_PORT to a port above 1023',
  };
  const reason = reasons[error.code ?? ''] ?? `cannot be opened: ${error.message}`;
  return new StartError(`health port ${port} ${reason}`);
}

/** Starts the health server: /livez and /readyz (200, or 503 with reasons), /metrics. @throws StartError when the port is taken. */
export function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      if (!response.headersSent) sendText(response, 500, `${error instanceof Error ? error.message : error}\n`);
      else response.destroy();
    });
  });
  server.requestTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, options.port)));
    server.listen({ port: options.port, host: options.host }, () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => closeServer(server) });
    });
  });
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
