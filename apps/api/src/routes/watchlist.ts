import { watchlistRequest } from '@wagehood/contracts';
import type { Router } from 'express';
import { jsonBody } from '../http/json-body';
import { parseInput } from '../http/parse-input';
import { invalidRequest } from '../http/problem';
import { resource } from '../http/resource';
import { sendJson } from '../http/send';
import { editWatchlist } from '../control/edit-watchlist';
import type { RouteDeps } from './deps';
import { currentConfig } from './known';

/** POST /watchlist: adds symbols (or takes them away) for all running services, without a restart. */
export function addWatchlistRoute(router: Router, deps: RouteDeps): void {
  const { guard, writer, adopt, checkSettings, bodyLimitBytes } = deps;
  resource(router, '/watchlist', {
    POST: [
      ...guard.requires('write'),
      ...jsonBody(bodyLimitBytes),
      async (req, res) => {
        currentConfig(deps);
        const request = parseInput(watchlistRequest, req.body, 'body');
        const who = String(res.locals['keyName'] ?? 'api');
        const { document, written } = await writer.change(who, (settings) => {
          const next = editWatchlist(settings, request);
          const fault = next && checkSettings(next);
          if (fault) throw invalidRequest([{ path: 'body', message: fault }]);
          return next;
        });
        adopt(document);
        const { version, settings } = document;
        sendJson(res, { version, changed: written, watchlist: settings.watchlist, warnings: [] }, 200);
      },
    ],
  });
}
