import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { newIds, parseTraceparent, withinTrace, type SpanRecord, type Tracing } from '@wagehood/service';
import { routeOfPath } from './route-names';

/** A span for each request, in the trace of its caller if it sends a `traceparent`; without tracing the listener as it is. */
export function traceRequests(tracing: Tracing | undefined, listener: RequestListener): RequestListener {
  if (!tracing) return listener;
  return (req, res) => {
    const { traceparent } = req.headers;
    const parent = parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined);
    const ids = newIds(parent);
    if (!tracing.keeps(ids, parent?.sampled)) return listener(req, res);
    const startMicros = Date.now() * 1_000;
    const startedAt = performance.now();
    const asked = describe(req);
    res.once('close', () =>
      tracing.record({
        ...asked,
        kind: 'server',
        ids,
        ...(parent && { parent }),
        startMicros,
        endMicros: startMicros + (performance.now() - startedAt) * 1_000,
        attributes: { ...asked.attributes, ...outcomeOf(res) },
        ...(res.statusCode >= 500 && { error: `answered with ${res.statusCode}` }),
      }),
    );
    withinTrace(ids, () => listener(req, res));
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** What is asked for, before express shortens the URL. The query stays out: it may hold what is nobody's business. */
function describe({ url = '', method = '', httpVersion }: IncomingMessage): Pick<SpanRecord, 'name' | 'attributes'> {
  const path = url.split('?', 1)[0] as string;
  const verb = METHODS.has(method) ? method : 'HTTP';
  const route = routeOfPath(path);
  return {
    name: route === undefined ? verb : `${verb} ${route}`,
    attributes: {
      'http.request.method': verb === 'HTTP' ? '_OTHER' : verb,
      ...(route !== undefined && { 'http.route': route }),
      'url.path': path,
      'url.scheme': 'http',
      'network.protocol.version': httpVersion,
    },
  };
}

/** A client that left before the end has no status of ours. */
function outcomeOf({ statusCode, writableFinished }: ServerResponse): Record<string, string | number> {
  if (!writableFinished) return { 'error.type': 'aborted' };
  return { 'http.response.status_code': statusCode, ...(statusCode >= 500 && { 'error.type': `${statusCode}` }) };
}
