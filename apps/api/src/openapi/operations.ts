import {
  alertsQuery,
  alertsResponse,
  deadLetterResponse,
  deadLettersQuery,
  deadLettersResponse,
  healthResponse,
  historicalQuery,
  historicalResponse,
  indicatorsResponse,
  latestResponse,
  listedAlert,
  resendRequest,
  resendResponse,
  seriesQuery,
  signalsQuery,
  signalsResponse,
  watchlistRequest,
  watchlistResponse,
} from '@wagehood/contracts';
import type { z } from 'zod';
import type { Scope } from '../auth/api-key';
import { streamRequest } from '../routes/stream';
import { statsDocument } from './stats-document';

/** One operation as the OpenAPI document describes it. */
export interface Operation {
  readonly method: 'get' | 'post';
  /** Below the base. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Null: no key needed. */
  readonly scope: Scope | null;
  readonly query?: z.ZodType;
  readonly body?: { readonly name: string; readonly schema: z.ZodType };
  readonly answer: { readonly name: string; readonly schema: z.ZodType } | 'events';
  /** Of the good answer; default 200. */
  readonly status?: 202;
  /** Statuses of problems beside those of every operation. */
  readonly problems: readonly number[];
}

export const operations: readonly Operation[] = [
  {
    method: 'get',
    path: '/health',
    id: 'getHealth',
    summary: 'The whole system in one word, and why',
    description: '200 while it works, if degraded; 503 when it is down.',
    scope: null,
    answer: { name: 'Health', schema: healthResponse },
    problems: [],
  },
  {
    method: 'get',
    path: '/stats',
    id: 'getStats',
    summary: 'Counts, rates and where each partition of each stage stands',
    scope: 'read',
    answer: { name: 'Stats', schema: statsDocument },
    problems: [],
  },
  {
    method: 'get',
    path: '/indicators/{symbol}',
    id: 'getIndicators',
    summary: 'Indicator values on the latest final bar of each series',
    description: 'A value is null while it warms up, and (`expired`) once its `ttl_seconds` have passed.',
    scope: 'read',
    query: seriesQuery,
    answer: { name: 'Indicators', schema: indicatorsResponse },
    problems: [400, 404],
  },
  {
    method: 'get',
    path: '/signals/{symbol}',
    id: 'getSignals',
    summary: 'Trading signals of a symbol, newest first',
    scope: 'read',
    query: signalsQuery,
    answer: { name: 'Signals', schema: signalsResponse },
    problems: [400, 404],
  },
  {
    method: 'post',
    path: '/watchlist',
    id: 'postWatchlist',
    summary: 'Watch symbols, or stop watching them, while everything runs',
    description: 'Idempotent. A new symbol has bars, indicators and signals within seconds.',
    scope: 'write',
    body: { name: 'WatchlistRequest', schema: watchlistRequest },
    answer: { name: 'Watchlist', schema: watchlistResponse },
    problems: [400, 413, 415],
  },
  {
    method: 'get',
    path: '/data/latest/{symbol}',
    id: 'getLatest',
    summary: 'The latest bar of each series with its indicator values',
    scope: 'read',
    query: seriesQuery,
    answer: { name: 'Latest', schema: latestResponse },
    problems: [400, 404],
  },
  {
    method: 'get',
    path: '/data/historical/{symbol}',
    id: 'getHistorical',
    summary: 'Stored bars with their indicator values',
    description:
      'Bars of a page are oldest first. With `start_date` pages go forward from there; without it the first page holds ' +
      'the newest bars and `nextCursor` leads to older ones.',
    scope: 'read',
    query: historicalQuery,
    answer: { name: 'Historical', schema: historicalResponse },
    problems: [400, 404],
  },
  {
    method: 'get',
    path: '/stream',
    id: 'getStream',
    summary: 'Prices, indicator values, signals and alerts as server-sent events',
    description:
      'The event name is the channel, `data` a StreamEvent. Every id is a cursor: send the last one back as ' +
      '`Last-Event-ID` and the stream goes on without loss or duplicate, as long as the logs still hold what is missing; ' +
      'an event named `gap` says when they do not. A slow client gets the newest prices and values, and every signal and alert.',
    scope: 'read',
    query: streamRequest,
    answer: 'events',
    problems: [400, 404],
  },
  {
    method: 'get',
    path: '/monitor/alerts',
    id: 'getAlerts',
    summary: 'Alerts and what became of them, newest first',
    description:
      'The newest alerts of every partition, and every one that could not be delivered: `status=failed` lists those.',
    scope: 'read',
    query: alertsQuery,
    answer: { name: 'Alerts', schema: alertsResponse },
    problems: [400],
  },
  {
    method: 'post',
    path: '/monitor/alerts/{id}/acknowledge',
    id: 'acknowledgeAlert',
    summary: 'Notes that somebody has seen an alert',
    description: 'Idempotent: the first one to acknowledge it stays.',
    scope: 'write',
    answer: { name: 'ListedAlert', schema: listedAlert },
    problems: [400, 404],
  },
  {
    method: 'post',
    path: '/monitor/alerts/{id}/resend',
    id: 'resendAlert',
    summary: 'Has an alert delivered again that was given up',
    scope: 'write',
    answer: { name: 'Resend', schema: resendResponse },
    status: 202,
    problems: [400, 404, 409],
  },
  {
    method: 'post',
    path: '/monitor/alerts/resend',
    id: 'resendAlerts',
    summary: 'Has alerts delivered again that were given up: those that are named, of a rule, of a channel, or all',
    scope: 'write',
    body: { name: 'ResendRequest', schema: resendRequest },
    answer: { name: 'Resend', schema: resendResponse },
    status: 202,
    problems: [400, 413, 415],
  },
  {
    method: 'get',
    path: '/monitor/dead-letters',
    id: 'getDeadLetters',
    summary: 'What stages have put aside, newest first, without what is in it',
    scope: 'read',
    query: deadLettersQuery,
    answer: { name: 'DeadLetters', schema: deadLettersResponse },
    problems: [400],
  },
  {
    method: 'get',
    path: '/monitor/dead-letters/{letter}',
    id: 'getDeadLetter',
    summary: 'One dead letter whole',
    scope: 'read',
    answer: { name: 'DeadLetter', schema: deadLetterResponse },
    problems: [400, 404],
  },
];
