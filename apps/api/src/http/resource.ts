import type { RequestHandler, Router } from 'express';
import { methodNotAllowed } from './problem';

export type Method = 'GET' | 'POST';

/** Binds the methods of one path; any other method is answered 405 with `Allow`, and OPTIONS with 204. */
export function resource(
  router: Router,
  path: string,
  methods: Partial<Record<Method, readonly RequestHandler[]>>,
): void {
  const route = router.route(path);
  if (methods.GET) route.get(...methods.GET);
  if (methods.POST) route.post(...methods.POST);
  const allowed = [...(methods.GET ? ['GET', 'HEAD'] : []), ...(methods.POST ? ['POST'] : []), 'OPTIONS'];
  route.all((req, res) => {
    if (req.method !== 'OPTIONS') throw methodNotAllowed(req.method, allowed);
    res.setHeader('Allow', allowed.join(', '));
    res.statusCode = 204;
    res.end();
  });
}
