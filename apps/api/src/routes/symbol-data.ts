import { seriesQuery, signalsQuery } from '@wagehood/contracts';
import type { RequestHandler, Response, Router } from 'express';
import { parseInput } from '../http/parse-input';
import { resource } from '../http/resource';
import { sendBody } from '../http/send';
import type { RouteDeps } from './deps';
import { asTimeframe, checkStrategies, currentConfig, watchedSymbol } from './known';

/** Sends at once what is cached, else when it has been read. */
function sendWhenRead(res: Response, body: Buffer | Promise<Buffer>): void | Promise<void> {
  if (body instanceof Promise) return body.then((read) => sendBody(res, read));
  sendBody(res, body);
}

/** GET /indicators/{symbol}, /data/latest/{symbol} and /signals/{symbol}: the hot ones, served from bodies made before. */
export function addSymbolDataRoutes(router: Router, deps: RouteDeps): void {
  const { guard, hot } = deps;

  const series =
    (view: 'indicators' | 'latest'): RequestHandler =>
    (req, res) => {
      const config = currentConfig(deps);
      const symbol = watchedSymbol(req, config);
      const { timeframe } = parseInput(seriesQuery, req.query, 'query');
      return sendWhenRead(res, hot[view](config, symbol, asTimeframe(timeframe)));
    };

  const signals: RequestHandler = (req, res) => {
    const config = currentConfig(deps);
    const symbol = watchedSymbol(req, config);
    const query = parseInput(signalsQuery, req.query, 'query');
    checkStrategies(query.strategy ?? [], config);
    return sendWhenRead(res, hot.signals(config, symbol, query));
  };

  resource(router, '/indicators/:symbol', { GET: [...guard.requires('read'), series('indicators')] });
  resource(router, '/data/latest/:symbol', { GET: [...guard.requires('read'), series('latest')] });
  resource(router, '/signals/:symbol', { GET: [...guard.requires('read'), signals] });
}
