import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RateLimitedLogger } from '@wagehood/service';
import { requestIdOf } from './common-headers';
import {
  internalFault,
  invalidJson,
  invalidRequest,
  Problem,
  tooLarge,
  unavailable,
  unsupportedMedia,
} from './problem';
import { pathOf, sendProblem } from './send';

export interface ProblemHandlerOptions {
  readonly log: Pick<RateLimitedLogger, 'error'>;
  /** What to say when the error means that Redis cannot serve us for now; null for any other error. */
  readonly outageReason: (error: unknown) => string | null;
}

/** Answers a request whose handling has thrown. */
export type ProblemHandler = (error: unknown, req: IncomingMessage, res: ServerResponse) => void;

/** Whatever was thrown leaves as `application/problem+json`, and only what is our fault is logged. */
export function createProblemHandler({ log, outageReason }: ProblemHandlerOptions): ProblemHandler {
  return (error, req, res) => {
    const problem = toProblem(error, outageReason, req.headers['content-type']);
    if (problem.status === 500) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error(String(error), 'request failed', {
        requestId: requestIdOf(res),
        method: req.method,
        path: pathOf(req),
        reason,
      });
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
