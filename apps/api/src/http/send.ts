import type { Request, Response } from 'express';
import type { Problem } from './problem';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends a body that was serialised before; no etag, no copy. */
export function sendBody(res: Response, body: Buffer, status = 200): void {
  res.statusCode = status;
  res.setHeader('Content-Type', JSON_TYPE);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

export const serialise = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function sendJson(res: Response, value: unknown, status = 200): void {
  sendBody(res, serialise(value), status);
}

export function sendProblem(req: Request, res: Response, problem: Problem): void {
  const body = serialise(problem.body(req.originalUrl.split('?', 1)[0] ?? '/', String(res.locals['requestId'] ?? '')));
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) res.setHeader(name, value);
  // A body that was refused unread would otherwise be taken for the next request on this connection.
  if (!req.complete && hasBody(req)) res.setHeader('Connection', 'close');
  res.statusCode = problem.status;
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
