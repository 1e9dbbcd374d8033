import type { Params } from '@wagehood/indicators';
import type { Timeframe } from '@wagehood/market';
import type { Side } from '../definition';
import { hashBlocks, murmur128, type Hashed } from './murmur';

/** Bytes of the longest id. */
const MOST_BYTES = 'sell-'.length + 32;
const DIGITS = ascii('0123456789abcdef');
const ZERO = 48;
/** What an id begins with, and what the text that is hashed ends with. */
const SIDES = {
  buy: { opening: ascii('buy-'), ending: ascii(',"buy"]') },
  sell: { opening: ascii('sell-'), ending: ascii(',"sell"]') },
};
/** The text that is hashed, and the lanes of its hash. */
let scratch = new Uint8Array(512);
const LANES = new Int32Array(4);

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
  const id = idsOf(strategy, params).of(seriesText(symbol, timeframe), barOpenTime, side);
  return String.fromCharCode(...id);
}

/** By parameters that can no longer change, which all of a running strategy are. */
const known = new WeakMap<Params, { readonly strategy: string; readonly ids: SignalIds }>();

function idsOf(strategy: string, params: Params): SignalIds {
  const found = known.get(params);
  if (found?.strategy === strategy) return found.ids;
  const ids = new SignalIds(strategy, params);
  if (Object.isFrozen(params)) known.set(params, { strategy, ids });
  return ids;
}

/** What ids are told of a series. */
export const seriesText = (symbol: string, timeframe: Timeframe): Uint8Array =>
  ascii(`${JSON.stringify(symbol)},"${timeframe}",`);

/** The ids of the signals of one strategy with its parameters, which must not change any more: most of what is hashed is the same for all of them. */
export class SignalIds {
  readonly #beginning: Hashed;
  readonly #id = new Uint8Array(MOST_BYTES);
  readonly #ids = { buy: this.#id.subarray(0, MOST_BYTES - 1), sell: this.#id };

  constructor(strategy: string, params: Params) {
    const names = Object.keys(params).sort();
    const given = JSON.stringify(names.map((name) => [name, params[name]]));
    this.#beginning = hashBlocks(ascii(`[${JSON.stringify(strategy)},${given},`));
  }

  /** The id in ASCII, good until the next one is asked for. */
  of(series: Uint8Array, barOpenTime: number, side: Side): Uint8Array {
    const { opening, ending } = SIDES[side];
    const { rest } = this.#beginning;
    const most = rest.length + series.length + MOST_TIME_BYTES + 2 * 16;
    if (most > scratch.length) scratch = new Uint8Array(2 * most);
    let end = put(rest, 0);
    end = put(series, end);
    end = putTime(barOpenTime, end);
    end = put(ending, end);
    murmur128(scratch, end, LANES, this.#beginning);
    const id = this.#id;
    for (let i = 0; i < opening.length; i++) id[i] = opening[i] as number;
    for (let i = 0; i < 32; i++)
      id[opening.length + i] = DIGITS[((LANES[i >> 3] as number) >>> (28 - 4 * (i & 7))) & 15] as number;
    return this.#ids[side];
  }
}

function put(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < bytes.length; i++) scratch[at + i] = bytes[i] as number;
  return at + bytes.length;
}

const MOST_TIME_BYTES = 24;

/** Writes a time as JSON does. */
function putTime(time: number, at: number): number {
  if (!(time >= 0 && Number.isSafeInteger(time))) return put(ascii(String(time)), at);
  let digits = 1;
  for (let unit = 10; unit <= time; unit *= 10) digits++;
  let left = time;
  for (let i = at + digits - 1; i >= at; i--) {
    const tens = Math.floor(left / 10);
    scratch[i] = ZERO + (left - 10 * tens);
    left = tens;
  }
  return at + digits;
}

/** Bytes of a JSON text; what is not ASCII is escaped. */
function ascii(json: string): Uint8Array {
  const text = json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
