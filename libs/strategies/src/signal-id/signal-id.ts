import type { Params } from '@wagehood/indicators';
import type { Timeframe } from '@wagehood/market';
import type { Side } from '../definition';
import { murmur128 } from './murmur';

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
  const rest = JSON.stringify([symbol, timeframe, barOpenTime, side]);
  return `${side}-${murmur128(`[${ascii(JSON.stringify(strategy))},${textOf(params)},${ascii(rest.slice(1))}`)}`;
}

/** Texts of parameters that can no longer change, which all of a running strategy are: they are most of what is hashed. */
const texts = new WeakMap<Params, string>();

function textOf(params: Params): string {
  const known = texts.get(params);
  if (known !== undefined) return known;
  const names = Object.keys(params).sort();
  const text = ascii(JSON.stringify(names.map((name) => [name, params[name]])));
  if (Object.isFrozen(params)) texts.set(params, text);
  return text;
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
