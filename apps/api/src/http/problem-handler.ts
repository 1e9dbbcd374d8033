import type { ErrorRequestHandler } from 'express';
import {
  internalFault,
  invalidJson,
  invalidRequest,
  Problem,
  tooLarge,
  unavailable,
  unsupportedMedia,
} from './problem';
import { sendProblem } from './send';

/** The log as this file needs it. */
export interface FaultLog {
  error(message: string, fields?: object): void;
}

export interface ProblemHandlerOptions {
  readonly log: FaultLog;
  /** What to say when the error means that Redis cannot serve us for now; null for any other error. */
  readonly outageReason: (error: unknown) => string | null;
}

/** The last middleware: whatever was thrown leaves as `application/problem+json`, and only what is our fault is logged. */
export function createProblemHandler({ log, outageReason }: ProblemHandlerOptions): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const problem = toProblem(error, outageReason, req.headers['content-type']);
    if (problem.status === 500) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error('request failed', { requestId: res.locals['requestId'], method: req.method, path: req.path, reason });
    }
    if (res.headersSent) {
      res.destroy();
      return;
    }
    sendProblem(req, res, problem);
  };
}

/** The problem that an error of ours, of express or of its body parser stands for. */
export function toProblem(
  error: unknown,
  outageReason: (error: unknown) => string | null,
  contentType = 'nothing',
): Problem {
  if (error instanceof Problem) return error;
  const outage = outageReason(error);
  if (outage !== null) return unavailable(outage);
  const { type, limit, message } = (error ?? {}) as { type?: string; limit?: number; message?: string };
  if (type === 'entity.too.large') return tooLarge(limit ?? 0);
  if (type === 'entity.parse.failed') return invalidJson(message ?? 'it does not parse');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return unsupportedMedia(contentType);
  if (type === 'request.aborted' || type === 'request.size.invalid') return invalidJson('the body ended early');
  if (error instanceof URIError) return invalidRequest([{ path: 'path', message: 'is not valid percent-encoding' }]);
  return internalFault();
}
