import type { RequestListener } from 'node:http';
import { createHotPath } from '../http/hot-path';
import { KnownUrls } from '../http/known-urls';
import type { ProblemHandler } from '../http/problem-handler';
import { createHotReads, type HotReadsOptions } from '../read-model/hot-reads';
import { createHttpApp } from './create-http-app';
import type { RouteDeps } from './deps';

type ListenerDeps = Omit<RouteDeps, 'known' | 'hot'> & Pick<HotReadsOptions, 'market'>;

/** Express, and in front of it the hot path that answers what express has answered before. */
export function createListener(deps: ListenerDeps, onProblem: ProblemHandler): RequestListener {
  const known = new KnownUrls(deps.config);
  const hot = createHotReads({ market: deps.market, weigh: (bytes) => known.weigh(bytes) });
  const otherwise = createHttpApp({ ...deps, known, hot }, onProblem);
  const usable = (): boolean => deps.redisFault() === null;
  return createHotPath({ known, guard: deps.guard, usable, onProblem, otherwise });
}
