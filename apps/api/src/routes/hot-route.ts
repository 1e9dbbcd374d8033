import type { Request, Router } from 'express';
import type { Scope } from '../auth/api-key';
import type { Ask } from '../http/known-urls';
import { resource } from '../http/resource';
import { sendBody, type Answer } from '../http/send';
import type { RouteDeps } from './deps';

/**
 * Binds a GET that is asked all the time. `plan` checks the request and says how it is answered; the hot path then answers the
 * same URL by that plan, so a route is written once. A plan may depend on nothing but the URL and the configuration.
 */
export function hotRoute(
  router: Router,
  path: string,
  { guard, known }: Pick<RouteDeps, 'guard' | 'known'>,
  scope: Scope | null,
  plan: (req: Request) => Ask,
): void {
  resource(router, path, {
    GET: [
      ...guard.requires(scope),
      (req, res) => {
        const ask = plan(req);
        if (req.method === 'GET') known.learn(req.originalUrl, { scope, ask });
        const send = ({ status, body }: Answer): void => sendBody(res, body, status);
        const answer = ask();
        return answer instanceof Promise ? answer.then(send) : send(answer);
      },
    ],
  });
}
