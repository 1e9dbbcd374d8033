import express, { Router, type Express } from 'express';
import { commonHeaders } from '../http/common-headers';
import { unknownRoute } from '../http/problem';
import { createProblemHandler, type FaultLog } from '../http/problem-handler';
import type { RouteDeps } from './deps';
import { addDocsRoutes } from './docs';
import { addHistoricalRoute } from './historical';
import { addStreamRoute } from './stream';
import { addSymbolDataRoutes } from './symbol-data';
import { addSystemRoutes } from './system';
import { addWatchlistRoute } from './watchlist';

export const API_BASE = '/api/v1/realtime';

export interface HttpAppOptions {
  readonly log: FaultLog;
  readonly outageReason: (error: unknown) => string | null;
  readonly proxyHops: number;
}

/** All routes on one express application. */
export function createHttpApp(deps: RouteDeps, { log, outageReason, proxyHops }: HttpAppOptions): Express {
  const api = Router();
  addSymbolDataRoutes(api, deps);
  addHistoricalRoute(api, deps);
  addStreamRoute(api, deps);
  addSystemRoutes(api, deps);
  addWatchlistRoute(api, deps);
  const docs = Router();
  addDocsRoutes(docs, deps.version, API_BASE);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', proxyHops);
  app.use(commonHeaders());
  app.use(API_BASE, api);
  app.use(docs);
  app.use((req) => {
    throw unknownRoute(req.method, req.path);
  });
  app.use(createProblemHandler({ log, outageReason }));
  return app;
}
