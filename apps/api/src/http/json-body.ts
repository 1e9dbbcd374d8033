import express, { type RequestHandler } from 'express';
import { unsupportedMedia } from './problem';

const JSON_MEDIA = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** Parses a JSON body of at most `limitBytes`; anything else that carries a body is refused with 415. */
export function jsonBody(limitBytes: number): readonly RequestHandler[] {
  return [
    (req, _res, next) => {
      const type = req.headers['content-type'];
      if (type === undefined || !JSON_MEDIA.test(type)) throw unsupportedMedia(type ?? 'no Content-Type');
      next();
    },
    express.json({ limit: limitBytes, strict: false, type: () => true }),
  ];
}
