import { MAX_NUMBER_BYTES, writeNumber } from './number-text';

/** A piece of JSON text that is written again and again. ASCII. */
export type JsonPiece = Uint8Array;

/** Text of our own: names, braces, commas. Characters beyond ASCII become `\u` escapes; they may stand inside strings alone. */
export function jsonPiece(text: string): JsonPiece {
  return Uint8Array.from(
    Buffer.from(
      text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
      'latin1',
    ),
  );
}

/** Writes JSON text made of constant pieces and numbers, into bytes that are used again for the next text. */
export class JsonWriter {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #length = 0;

  piece(piece: JsonPiece): void {
    if (this.#length + piece.length > this.#bytes.length) this.#grow(piece.length);
    const bytes = this.#bytes;
    const at = this.#length;
    for (let i = 0; i < piece.length; i++) bytes[at + i] = piece[i] as number;
    this.#length = at + piece.length;
  }

  /** NaN and infinities become null. */
  number(value: number): void {
    if (this.#length + MAX_NUMBER_BYTES > this.#bytes.length) this.#grow(MAX_NUMBER_BYTES);
    if (Number.isFinite(value)) this.#length = writeNumber(this.#bytes, this.#length, value);
    else this.piece(NULL);
  }

  /** The text so far; the writer begins anew. */
  take(): string {
    const text = this.#bytes.toString('latin1', 0, this.#length);
    this.#length = 0;
    return text;
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + room));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

const NULL = jsonPiece('null');
