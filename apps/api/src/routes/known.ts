import type { Request } from 'express';
import { symbolPath } from '@wagehood/contracts';
import { isTimeframe, type Timeframe } from '@wagehood/market';
import { parseInput } from '../http/parse-input';
import { unavailable, unknownIndicator, unknownStrategy, unknownSymbol } from '../http/problem';
import type { ConfigView } from '../read-model/config-view';
import { likelySymbols } from '../read-model/known-symbols';
import type { RouteDeps } from './deps';

/** The configuration in force. @throws Problem 503 while Redis is away or nothing was configured yet */
export function currentConfig({ config, redisFault }: Pick<RouteDeps, 'config' | 'redisFault'>): ConfigView {
  const fault = redisFault();
  if (fault !== null) throw unavailable(fault);
  const view = config();
  if (!view) throw unavailable('the configuration is not loaded yet');
  return view;
}

/** The symbol of the path, normalised. @throws Problem 400 when it is none, 404 when it is not watched */
export function watchedSymbol(req: Request, config: ConfigView): string {
  const { symbol } = parseInput(symbolPath, req.params, 'path');
  if (config.entry(symbol)) return symbol;
  throw unknownSymbol(symbol, likelySymbols(symbol, config.symbols), config.symbols.length);
}

/** @throws Problem 404 for the first name that is not an enabled indicator */
export function checkIndicators(names: readonly string[], { indicators }: ConfigView): void {
  const stranger = names.find((name) => !indicators.includes(name));
  if (stranger !== undefined) throw unknownIndicator(stranger, indicators);
}

/** @throws Problem 404 for the first name that is not an enabled strategy */
export function checkStrategies(names: readonly string[], { strategies }: ConfigView): void {
  const stranger = names.find((name) => !strategies.includes(name));
  if (stranger !== undefined) throw unknownStrategy(stranger, strategies);
}

/** What a schema has let pass as a timeframe, as the type. */
export const asTimeframe = (text: string | undefined): Timeframe | undefined =>
  text !== undefined && isTimeframe(text) ? text : undefined;
