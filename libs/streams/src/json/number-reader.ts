/**
 * Reads decimal text from bytes as the nearest double, several times faster than `Number(text)`, because no string is made.
 * Up to 15 digits the value is one correctly rounded division (W. D. Clinger, How to read floating point numbers accurately,
 * 1990). Up to 22 digits the division's exact remainder (T. J. Dekker, 1971) corrects it; where even that leaves a doubt,
 * and for everything longer, JavaScript reads the text itself.
 */

const [ZERO, NINE, POINT, MINUS, PLUS, UPPER_E, LOWER_E] = [48, 57, 46, 45, 43, 69, 101];
/** Powers of ten that are doubles. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Splits a double into two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;
/** The correction is known far better than this part of it. */
const DOUBT = 2 ** -30;

/**
 * Reads the JSON number at `at` into `into[place]`: a double that is returned would be put on the heap first.
 * @returns the place of the first byte behind it; −1: there is no number, `into[place]` is NaN
 */
export function readNumber(bytes: Uint8Array, at: number, into: Float64Array, place: number): number {
  const start = at;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  let byte = bytes[at] as number;
  if (!(byte >= ZERO && byte <= NINE)) return noNumber(into, place);
  if (byte === ZERO && isDigit(bytes[at + 1])) return noNumber(into, place);

  // Digits are gathered in integers of at most nine: the first 15 that count in two of them, then up to seven more.
  let first = 0;
  let second = 0;
  let third = 0;
  let digits = 0;
  let point = -1;
  for (; digits < 9; byte = bytes[++at] as number) {
    if (byte >= ZERO && byte <= NINE) {
      first = first * 10 + (byte - ZERO);
      if (first !== 0) digits++;
    } else if (byte === POINT && point < 0) point = at;
    else break;
  }
  for (; digits >= 9 && digits < 15; byte = bytes[++at] as number) {
    if (byte >= ZERO && byte <= NINE) {
      second = second * 10 + (byte - ZERO);
      digits++;
    } else if (byte === POINT && point < 0) point = at;
    else break;
  }
  for (; digits >= 15; byte = bytes[++at] as number) {
    if (byte >= ZERO && byte <= NINE) {
      third = third * 10 + (byte - ZERO);
      digits++;
    } else if (byte === POINT && point < 0) point = at;
    else break;
  }
  if (point === at - 1) return noNumber(into, place);
  if (byte === LOWER_E || byte === UPPER_E) return readByEngine(bytes, start, at, into, place);
  const decimals = point < 0 ? 0 : at - 1 - point;
  const head = digits <= 9 ? first : first * (POWERS[Math.min(digits, 15) - 9] as number) + second;
  if (digits <= 15) {
    if (decimals > 22) return readByEngine(bytes, start, at, into, place);
    const value = head / (POWERS[decimals] as number);
    into[place] = negative ? -value : value;
    return at;
  }
  const more = digits - 15;
  const scale = decimals - more;
  if (more > 7 || scale < 0 || scale > 22) return readByEngine(bytes, start, at, into, place);
  const value = divideExactly(head, third / (POWERS[more] as number), POWERS[scale] as number);
  if (value < 0) return readByEngine(bytes, start, at, into, place);
  into[place] = negative ? -value : value;
  return at;
}

/** (head + rest) ÷ power, correctly rounded; −1 when that cannot be told. head < 1e15 is an integer, rest < 1. */
function divideExactly(head: number, rest: number, power: number): number {
  const quotient = head / power;
  const product = quotient * power;
  const a = quotient * SPLITTER;
  const quotientHigh = a - (a - quotient);
  const quotientLow = quotient - quotientHigh;
  const b = power * SPLITTER;
  const powerHigh = b - (b - power);
  const powerLow = power - powerHigh;
  const error =
    quotientLow * powerLow - (product - quotientHigh * powerHigh - quotientLow * powerHigh - quotientHigh * powerLow);
  const correction = (head - product - error + rest) / power;
  const value = quotient + correction;
  const doubt = Math.abs(correction) * DOUBT;
  return quotient + (correction - doubt) === quotient + (correction + doubt) ? value : -1;
}

function readByEngine(bytes: Uint8Array, start: number, at: number, into: Float64Array, place: number): number {
  while (isPartOfNumber(bytes[at])) at++;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString('latin1');
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return noNumber(into, place);
  into[place] = Number(text);
  return at;
}

function noNumber(into: Float64Array, place: number): number {
  into[place] = NaN;
  return -1;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

const isPartOfNumber = (byte: number | undefined): boolean =>
  isDigit(byte) || byte === POINT || byte === PLUS || byte === MINUS || byte === LOWER_E || byte === UPPER_E;
