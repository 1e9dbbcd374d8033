/** Just enough of ASN.1 DER to write a certificate. */

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const size = body.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

export const sequence = (...elements: readonly Uint8Array[]): Buffer => der(0x30, ...elements);
export const set = (...elements: readonly Uint8Array[]): Buffer => der(0x31, ...elements);
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));
/** A positive integer from its bytes, most significant first. */
export const integer = (bytes: readonly number[]): Buffer =>
  der(0x02, Buffer.from((bytes[0] ?? 0) & 0x80 ? [0, ...bytes] : [...bytes]));
export const bitString = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes);
export const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes);
export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text));
/** `[n] EXPLICIT`. */
export const explicit = (n: number, content: Uint8Array): Buffer => der(0xa0 + n, content);

export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

export function utcTime(date: Date): Buffer {
  const text = date.toISOString().replace(/^..|[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(text));
}
