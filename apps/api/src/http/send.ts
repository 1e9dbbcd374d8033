import type { IncomingMessage, ServerResponse } from 'node:http';
import { flatCommonHeaders, requestIdOf } from './common-headers';
import type { Problem } from './problem';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A body that was serialised before, with its status. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Sends a body that was serialised before; no etag, no copy. */
export function sendBody(res: ServerResponse, body: Buffer, status = 200): void {
  res.statusCode = status;
  res.setHeader('Content-Type', JSON_TYPE);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** The same for a response that has no common headers yet, in one piece. */
export function sendWhole(req: IncomingMessage, res: ServerResponse, { status, body }: Answer): void {
  const headers = flatCommonHeaders(req);
  headers.push('Content-Type', JSON_TYPE, 'Content-Length', String(body.length));
  res.writeHead(status, headers);
  res.end(body);
}

export const serialise = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function sendJson(res: ServerResponse, value: unknown, status = 200): void {
  sendBody(res, serialise(value), status);
}

export function sendProblem(req: IncomingMessage, res: ServerResponse, problem: Problem): void {
  const body = serialise(problem.body(pathOf(req), requestIdOf(res)));
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) res.setHeader(name, value);
  // A body that was refused unread would otherwise be taken for the next request on this connection.
  if (!req.complete && hasBody(req)) res.setHeader('Connection', 'close');
  res.statusCode = problem.status;
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

/** The path as it was asked for; express shortens `url` inside a router and keeps the whole in `originalUrl`. */
export function pathOf(req: IncomingMessage & { readonly originalUrl?: string }): string {
  return (req.originalUrl ?? req.url ?? '').split('?', 1)[0] || '/';
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
