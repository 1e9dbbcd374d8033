import { channels, streamQuery } from '@wagehood/contracts';
import type { Request, Router } from 'express';
import { z } from 'zod';
import { parseInput } from '../http/parse-input';
import { invalidRequest, unavailable, unknownSymbol } from '../http/problem';
import { resource } from '../http/resource';
import type { ConfigView } from '../read-model/config-view';
import { likelySymbols } from '../read-model/known-symbols';
import { parseCursor, type Cursor } from '../stream/cursor';
import { SseClient } from '../stream/sse-client';
import type { StreamFilter } from '../stream/stream-filter';
import type { RouteDeps } from './deps';
import { currentConfig } from './known';

/** Query of GET /stream. `backfilled=true` also shows what comes from history: bars that warm up, and signals on them. */
export const streamRequest = streamQuery.extend({ backfilled: z.enum(['true', 'false']).default('false') });

/** GET /stream: server-sent events, resumed by `Last-Event-ID`. */
export function addStreamRoute(router: Router, deps: RouteDeps): void {
  const { guard, hub, maxStreams } = deps;
  resource(router, '/stream', {
    GET: [
      ...guard.requires('read'),
      async (req, res) => {
        const config = currentConfig(deps);
        const query = parseInput(streamRequest, req.query, 'query');
        const filter = toFilter(query, config);
        const resumed = resumeFrom(req, query.last_event_id);
        if (hub.size >= maxStreams) throw unavailable(`${maxStreams} clients follow the stream already`, 5);
        if (req.method === 'HEAD') return void res.type('text/event-stream').end();
        const client = new SseClient(res, filter, await hub.startFor(filter, resumed));
        res.on('close', () => hub.leave(client));
        await hub.serve(client);
      },
    ],
  });
}

function toFilter(query: z.output<typeof streamRequest>, config: ConfigView): StreamFilter {
  const stranger = query.symbols?.find((symbol) => !config.entry(symbol));
  if (stranger !== undefined) {
    throw unknownSymbol(stranger, likelySymbols(stranger, config.symbols), config.symbols.length);
  }
  return {
    symbols: query.symbols ? new Set(query.symbols) : null,
    timeframes: query.timeframes ? new Set<string>(query.timeframes) : null,
    channels: new Set(query.channels ?? channels),
    backfilled: query.backfilled === 'true',
  };
}

/** The header wins: an EventSource that reconnects sends it beside the query of its first request. */
function resumeFrom(req: Request, fromQuery: string | undefined): Cursor | null {
  const header = req.headers['last-event-id'];
  const id = typeof header === 'string' && header !== '' ? header : fromQuery;
  if (id === undefined) return null;
  const cursor = parseCursor(id);
  if (cursor) return cursor;
  throw invalidRequest([
    { path: header ? 'header.last-event-id' : 'query.last_event_id', message: 'is not an id of this stream' },
  ]);
}
