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
  const sorted = Object.keys(params)
    .sort()
    .map((name) => [name, params[name]]);
  return `${side}-${murmur128(ascii(JSON.stringify([strategy, sorted, symbol, timeframe, barOpenTime, side])))}`;
}

function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
