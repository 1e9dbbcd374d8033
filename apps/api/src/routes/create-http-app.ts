import express, { Router, type ErrorRequestHandler, type Express } from 'express';
import { commonHeaders } from '../http/common-headers';
import { unknownRoute } from '../http/problem';
import type { ProblemHandler } from '../http/problem-handler';
import { addAlertRoutes } from './alerts';
import { addDeadLetterRoutes } from './dead-letters';
import type { RouteDeps } from './deps';
import { addDocsRoutes } from './docs';
import { addHistoricalRoute } from './historical';
import { addStreamRoute } from './stream';
import { addSymbolDataRoutes } from './symbol-data';
import { addSystemRoutes } from './system';
import { addWatchlistRoute } from './watchlist';

export const API_BASE = '/api/v1/realtime';

/** All routes on one express application. */
export function createHttpApp(deps: RouteDeps, onProblem: ProblemHandler): Express {
  const api = Router();
  addSymbolDataRoutes(api, deps);
  addHistoricalRoute(api, deps);
  addStreamRoute(api, deps);
  addSystemRoutes(api, deps);
  addWatchlistRoute(api, deps);
  addAlertRoutes(api, deps);
  addDeadLetterRoutes(api, deps);
  const docs = Router();
  addDocsRoutes(docs, deps.version, API_BASE);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(commonHeaders());
  app.use(API_BASE, api);
  app.use(docs);
  app.use((req) => {
    throw unknownRoute(req.method, req.path);
  });
  const handleError: ErrorRequestHandler = (error, req, res, _next) => onProblem(error, req, res);
  app.use(handleError);
  return app;
}
