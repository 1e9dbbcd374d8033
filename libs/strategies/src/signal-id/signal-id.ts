import type { Params } from '@wagehood/indicators';
import type { Timeframe } from '@wagehood/market';
import type { Side } from '../definition';
import { hashBlocks, murmur128, type Hashed } from './murmur';

/**
 * The identity of a signal: `buy-` or `sell-` and 32 hexadecimal digits. A function of what is decided on and nothing else,
 * so that a replayed or repeated signal is the same signal; safe in a URL, a Redis key and a BullMQ job id.
 *
 * @param strategy id of the definition
 * @param params all checked parameters, in any order
 * @param barOpenTime epoch milliseconds
 */
export function signalId(
  strategy: string,
  params: Params,
  symbol: string,
  timeframe: Timeframe,
  barOpenTime: number,
  side: Side,
): string {
  const name = PLAIN.test(symbol) ? `"${symbol}"` : ascii(JSON.stringify(symbol));
  const rest = `${name},"${timeframe}",${barOpenTime},"${side}"]`;
  return `${side}-${murmur128(rest, beginningOf(strategy, params))}`;
}

/** A text that is the same in JSON and in ASCII. */
const PLAIN = /^[\w.-]*$/;

/** The beginnings of texts whose parameters can no longer change, which all of a running strategy are: they are most of what is hashed. */
const beginnings = new WeakMap<Params, { readonly strategy: string; readonly hashed: Hashed }>();

function beginningOf(strategy: string, params: Params): Hashed {
  const known = beginnings.get(params);
  if (known?.strategy === strategy) return known.hashed;
  const names = Object.keys(params).sort();
  const given = ascii(JSON.stringify(names.map((name) => [name, params[name]])));
  const hashed = hashBlocks(`[${ascii(JSON.stringify(strategy))},${given},`);
  if (Object.isFrozen(params)) beginnings.set(params, { strategy, hashed });
  return hashed;
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
