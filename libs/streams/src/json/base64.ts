/**
 * The base64 (RFC 4648, with padding) of bytes, from buffer to buffer. Node goes by a string, and one of more than 128 KB lies outside the young
 * generation of V8's heap, in memory of its own, and takes four fifths of the time. So it goes piece by piece.
 */

/** A whole number of groups of three bytes, or four characters. */
const [PIECE_BYTES, PIECE_CHARACTERS] = [24_576, 32_768];

export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** Writes that of `from` to `at` and behind it; returns the place behind it. `into` has room for it. */
export function writeBase64(from: Buffer, into: Buffer, at: number): number {
  for (let i = 0; i < from.length; i += PIECE_BYTES)
    at += into.write(from.toString('base64', i, i + PIECE_BYTES), at, 'latin1');
  return at;
}

/** Reads the bytes whose base64 stands in `from`, from `start` up to `end` − 1; returns how many there are. `into` has room for them. */
export function readBase64(from: Buffer, start: number, end: number, into: Buffer): number {
  let length = 0;
  for (let i = start; i < end; i += PIECE_CHARACTERS)
    length += into.write(from.toString('latin1', i, Math.min(end, i + PIECE_CHARACTERS)), length, 'base64');
  return length;
}
