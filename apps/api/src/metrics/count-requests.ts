import type { RequestListener } from 'node:http';
import type { Metrics } from '@wagehood/service';
import { API_BASE } from '../routes/create-http-app';

const ROUTES = ['data', 'health', 'indicators', 'signals', 'stats', 'stream', 'watchlist', 'alerts'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];
const known = new Set(ROUTES);
const methods = new Set(METHODS);

/** The first word behind the base of the API: a label must not hold what a stranger may write into a URL. */
export function routeOf(url: string): string {
  if (!url.startsWith(API_BASE)) return url.startsWith('/docs') ? 'docs' : 'other';
  const word = /^\/(\w+)/.exec(url.slice(API_BASE.length))?.[1] ?? '';
  return known.has(word) ? word : 'other';
}

/** Counts and times every request; a stream counts when it ends. */
export function countRequests(metrics: Metrics, listener: RequestListener): RequestListener {
  const total = metrics.counter('api_requests_total', 'Requests answered', ['route', 'method', 'status']);
  const seconds = metrics.histogram('api_request_seconds', 'From request to the end of its answer', ['route']);
  return (req, res) => {
    const startedAt = performance.now();
    const { url = '' } = req; // express shortens it on its way
    res.once('close', () => {
      const route = routeOf(url);
      const method = methods.has(req.method ?? '') ? (req.method as string) : 'other';
      total.inc({ route, method, status: res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted' });
      if (route !== 'stream') seconds.observe({ route }, (performance.now() - startedAt) / 1_000);
    });
    listener(req, res);
  };
}
