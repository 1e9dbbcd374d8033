import { seriesQuery, signalsQuery } from '@wagehood/contracts';
import type { Request, Router } from 'express';
import { parseInput } from '../http/parse-input';
import type { RouteDeps } from './deps';
import { hotRoute } from './hot-route';
import { asTimeframe, checkStrategies, currentConfig, watchedSymbol } from './known';

/** GET /indicators/{symbol}, /data/latest/{symbol} and /signals/{symbol}. */
export function addSymbolDataRoutes(router: Router, deps: RouteDeps): void {
  const { hot } = deps;

  const series = (view: 'indicators' | 'latest') => (req: Request) => {
    const config = currentConfig(deps);
    const symbol = watchedSymbol(req, config);
    const { timeframe } = parseInput(seriesQuery, req.query, 'query');
    return hot[view](config, symbol, asTimeframe(timeframe));
  };

  const signals = (req: Request) => {
    const config = currentConfig(deps);
    const symbol = watchedSymbol(req, config);
    const query = parseInput(signalsQuery, req.query, 'query');
    checkStrategies(query.strategy ?? [], config);
    return hot.signals(config, symbol, query);
  };

  hotRoute(router, '/indicators/:symbol', deps, 'read', series('indicators'));
  hotRoute(router, '/data/latest/:symbol', deps, 'read', series('latest'));
  hotRoute(router, '/signals/:symbol', deps, 'read', signals);
}
