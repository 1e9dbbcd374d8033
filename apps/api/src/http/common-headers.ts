import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const REQUEST_ID_HEADER = 'X-Request-Id';

const securityHeaders: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cache-Control', 'no-store'],
];
const flatSecurityHeaders = securityHeaders.flat();

/** The id of a request: a sane `X-Request-Id` of the caller is kept. */
function requestIdFor({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** The id that a response was given; empty before that. */
export const requestIdOf = (res: ServerResponse): string => String(res.getHeader(REQUEST_ID_HEADER) ?? '');

export function setCommonHeaders(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader(REQUEST_ID_HEADER, requestIdFor(req));
  for (const [name, value] of securityHeaders) res.setHeader(name, value);
}

/** The same as name, value, name, value …: what `writeHead` takes without a detour. */
export const flatCommonHeaders = (req: IncomingMessage): string[] => [
  REQUEST_ID_HEADER,
  requestIdFor(req),
  ...flatSecurityHeaders,
];

/** Gives every request an id and every response the security headers. */
export function commonHeaders(): RequestHandler {
  return (req, res, next) => {
    setCommonHeaders(req, res);
    next();
  };
}
