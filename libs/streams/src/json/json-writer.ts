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

const FIRST_ROOM = 1_024;

/** Writes JSON text made of constant pieces, numbers and text that is there already, into bytes. */
export class JsonWriter {
  #bytes: Buffer;
  #length = 0;
  #room: number;

  constructor(room = FIRST_ROOM) {
    this.#room = room;
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  get length(): number {
    return this.#length;
  }

  piece(piece: JsonPiece): void {
    this.copy(piece, 0, piece.length);
  }

  /** Text that stands in other bytes. */
  copy(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    const bytes = this.#bytes;
    const at = this.#length;
    for (let i = 0; i < length; i++) bytes[at + i] = from[start + i] as number;
    this.#length = at + length;
  }

  /** Any JSON text. */
  text(text: string): void {
    const length = 3 * text.length; // of UTF-8 at most
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** NaN and infinities become null. */
  number(value: number): void {
    if (this.#length + MAX_NUMBER_BYTES > this.#bytes.length) this.#grow(MAX_NUMBER_BYTES);
    if (Number.isFinite(value)) this.#length = writeNumber(this.#bytes, this.#length, value);
    else this.piece(NULL);
  }

  /** Forgets what stands behind the first `length` bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  /** The text so far. The writer begins anew and touches these bytes no more. */
  take(): Buffer {
    const length = this.#length;
    const taken = this.#bytes;
    this.#length = 0;
    if (2 * length < taken.length) return Buffer.from(taken.subarray(0, length)); // small: its room is used again
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(this.#room, length + (length >> 3)));
    return taken.subarray(0, length);
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

const NULL = jsonPiece('null');
