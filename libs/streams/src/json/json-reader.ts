import { numberEnd, readNumber } from './number-reader';
import type { JsonPiece } from './json-writer';

const [QUOTE, BACKSLASH, SPACE, ASCII] = [34, 92, 32, 128];
const [N, U, L] = [110, 117, 108];

/**
 * Reads JSON text of a known shape from bytes, piece by piece, without making a string. The first thing that is not as expected
 * clears `ok`, and what is read from then on means nothing: the whole text is then left to `JSON.parse`.
 */
export class JsonReader {
  at = 0;
  ok = true;

  constructor(readonly bytes: Uint8Array) {}

  /** Whether the piece stands here; if so, goes behind it. */
  skip(piece: JsonPiece): boolean {
    const { bytes, at } = this;
    const { length } = piece;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== piece[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Goes behind a piece that must stand here. */
  expect(piece: JsonPiece): void {
    if (!this.skip(piece)) this.ok = false;
  }

  number(): number {
    const value = readNumber(this.bytes, this.at);
    if (numberEnd < 0) this.ok = false;
    else this.at = numberEnd;
    return value;
  }

  /** A number, or NaN for null. */
  numberOrNull(): number {
    const { bytes, at } = this;
    if (bytes[at] !== N) return this.number();
    if (bytes[at + 1] === U && bytes[at + 2] === L && bytes[at + 3] === L) this.at = at + 4;
    else this.ok = false;
    return NaN;
  }

  /** Goes to the quote that ends a text of plain ASCII and returns a hash of the text, mixed into `seed` (FNV-1a). */
  hashText(seed: number): number {
    const { bytes } = this;
    let hash = seed;
    let at = this.at;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined || byte < SPACE || byte >= ASCII || byte === BACKSLASH) {
        this.ok = false;
        break;
      }
      hash = Math.imul(hash ^ byte, 0x01000193);
      at++;
    }
    this.at = at;
    return hash;
  }
}
