import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Guard } from '../auth/guard';
import { setCommonHeaders } from './common-headers';
import type { KnownUrl, KnownUrls } from './known-urls';
import type { ProblemHandler } from './problem-handler';
import { sendWhole, type Answer } from './send';

export interface HotPathOptions {
  readonly known: Pick<KnownUrls, 'find'>;
  readonly guard: Pick<Guard, 'admit'>;
  /** False while Redis cannot be used. */
  readonly usable: () => boolean;
  readonly onProblem: ProblemHandler;
  /** Everything that is not known yet, or no plain GET. */
  readonly otherwise: RequestListener;
}

/**
 * In front of express: a GET whose very URL was routed, checked and answered before is let in and answered at once. It knows no
 * route and checks no parameter by itself; what express has not taught it goes to express.
 */
export function createHotPath({ known, guard, usable, onProblem, otherwise }: HotPathOptions): RequestListener {
  const serve = ({ scope, ask }: KnownUrl, req: IncomingMessage, res: ServerResponse): void => {
    const send = (answer: Answer): void => sendWhole(req, res, answer);
    const refuse = (error: unknown): void => {
      setCommonHeaders(req, res);
      onProblem(error, req, res);
    };
    try {
      const admitted = guard.admit(scope, req, res);
      const answer = admitted instanceof Promise ? admitted.then(ask) : ask();
      if (answer instanceof Promise) answer.then(send).catch(refuse);
      else send(answer);
    } catch (error) {
      refuse(error);
    }
  };
  return (req, res) => {
    const url = req.method === 'GET' && usable() ? known.find(req.url ?? '') : undefined;
    if (url) serve(url, req, res);
    else otherwise(req, res);
  };
}
