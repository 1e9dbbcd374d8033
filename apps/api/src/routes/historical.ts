import { historicalQuery, type CalculationEvent, type HistoricalQuery } from '@wagehood/contracts';
import { parseSeriesKey, seriesKey, type Timeframe } from '@wagehood/market';
import type { Reader } from '@wagehood/streams';
import type { Router } from 'express';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseInput } from '../http/parse-input';
import { invalidRequest, unknownTimeframe } from '../http/problem';
import { resource } from '../http/resource';
import { sendBody } from '../http/send';
import { plannedTimeframes, type ConfigView } from '../read-model/config-view';
import { cutPage, planPage } from '../read-model/history-page';
import { historyRows, type HistoryRow } from '../read-model/history-view';
import type { RouteDeps } from './deps';
import { asTimeframe, checkIndicators, currentConfig, watchedSymbol } from './known';

/** Rows that are serialised in one go: a long page must not hold up everybody else. */
const ROWS_PER_TURN = 200;
const ALL_ROWS = 10_000_000;

/** GET /data/historical/{symbol}: stored bars with their indicator values. */
export function addHistoricalRoute(router: Router, deps: RouteDeps): void {
  const { guard, reader } = deps;
  resource(router, '/data/historical/:symbol', {
    GET: [
      ...guard.requires('read'),
      async (req, res) => {
        const config = currentConfig(deps);
        const symbol = watchedSymbol(req, config);
        const query = parseInput(historicalQuery, req.query, 'query');
        const names = query.indicator?.filter((name) => name !== 'none');
        checkIndicators(names ?? [], config);
        const timeframe = await pickTimeframe(reader, config, symbol, asTimeframe(query.timeframe));
        const wanted = names && new Set(names);
        const { page, nextCursor } = await readPage(reader, symbol, timeframe, query, wanted ?? null);
        sendBody(res, await serialisePage({ symbol, timeframe }, page, nextCursor));
      },
    ],
  });
}

/** The timeframe that is asked for, else the shortest that the symbol has, or will have. */
async function pickTimeframe(
  reader: Reader,
  config: ConfigView,
  symbol: string,
  asked: Timeframe | undefined,
): Promise<Timeframe> {
  const known = (await reader.seriesOf(symbol)).map((series) => parseSeriesKey(series).timeframe);
  const planned = plannedTimeframes(config, symbol);
  if (!asked) return known[0] ?? planned[0];
  if (known.length > 0 && !known.includes(asked) && !planned.includes(asked)) {
    throw unknownTimeframe(symbol, asked, [...new Set([...known, ...planned])]);
  }
  return asked;
}

async function readPage(
  reader: Reader,
  symbol: string,
  timeframe: Timeframe,
  query: HistoricalQuery,
  wanted: ReadonlySet<string> | null,
): Promise<{ page: readonly HistoryRow[]; nextCursor: string | null }> {
  const { start_date: start, end_date: end, limit, cursor } = query;
  const plan = planPage({ start, end, limit, cursor });
  if (!plan) throw invalidRequest([{ path: 'query.cursor', message: 'is not a cursor of this route' }]);
  const { from, to, forward } = plan;
  // One more than the page tells whether another page follows. Redis keeps the newest rows first at hand.
  const range = { from, to, limit: forward ? ALL_ROWS : limit + 1 };
  const found = await reader.history(seriesKey(symbol, timeframe), range);
  const rows = historyRows(found?.pages ?? [], (found?.tail ?? []) as unknown as CalculationEvent[], wanted);
  return cutPage(rows, limit, forward);
}

async function serialisePage(head: object, page: readonly HistoryRow[], nextCursor: string | null): Promise<Buffer> {
  const parts: string[] = [];
  for (let at = 0; at < page.length; at += ROWS_PER_TURN) {
    if (at > 0) await nextTurn();
    parts.push(
      page
        .slice(at, at + ROWS_PER_TURN)
        .map((row) => JSON.stringify(row.view()))
        .join(),
    );
  }
  const opening = JSON.stringify(head).slice(0, -1);
  return Buffer.from(`${opening},"bars":[${parts.join()}],"nextCursor":${JSON.stringify(nextCursor)}}`);
}
