import type { JsonPiece } from './json-writer';

const [QUOTE, BACKSLASH, SPACE, ASCII] = [34, 92, 32, 128];
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Comma, bracket and brace. */
const ENDS_NUMBER = new Set([44, 93, 125]);

/**
 * Reads JSON text of a known shape from bytes, piece by piece, without making a string. The first thing that is not as expected
 * clears `ok`, and what is read from then on means nothing: the whole text is then left to `JSON.parse`.
 */
export class JsonReader {
  at = 0;
  ok = true;
  readonly #view: DataView;

  constructor(readonly bytes: Buffer) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether the piece stands here; if so, goes behind it. */
  skip({ length, words, bytes }: JsonPiece): boolean {
    const { at } = this;
    if (at + length > this.bytes.length) return false;
    const whole = length >> 2;
    for (let i = 0; i < whole; i++) if (this.#view.getInt32(at + 4 * i, true) !== words[i]) return false;
    for (let i = 4 * whole; i < length; i++) if (this.bytes[at + i] !== bytes[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Goes behind a piece that must stand here. */
  expect(piece: JsonPiece): void {
    if (!this.skip(piece)) this.ok = false;
  }

  isByte(byte: number): boolean {
    return this.bytes[this.at] === byte;
  }

  /** Goes behind a byte that must stand here. */
  expectByte(byte: number): void {
    if (this.bytes[this.at] === byte) this.at++;
    else this.ok = false;
  }

  /** Reads a number; NaN where there is none. */
  number(): number {
    const { bytes } = this;
    let end = this.at;
    while (end < bytes.length && !ENDS_NUMBER.has(bytes[end] as number)) end++;
    const text = bytes.toString('latin1', this.at, end);
    this.at = end;
    if (NUMBER.test(text)) return Number(text);
    this.ok = false;
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
