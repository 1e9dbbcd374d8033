import { base64Length, writeBase64 } from './base64';
import { MAX_NUMBER_BYTES, writeNumber } from './number-text';
import { rooms } from './rooms';

/** A piece of JSON text that is written and read again and again, four bytes at a time. ASCII. */
export interface JsonPiece {
  readonly length: number;
  /** Bytes 0–3, 4–7, … as little-endian integers, the last of them filled up with zeros. */
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

/** Text of our own: names, braces, commas. Characters beyond ASCII become `\u` escapes; they may stand inside strings alone. */
export function jsonPiece(text: string): JsonPiece {
  const ascii = text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const { length } = ascii;
  const bytes = new Uint8Array(4 * Math.ceil(length / 4));
  bytes.set(Buffer.from(ascii, 'latin1'));
  const view = new DataView(bytes.buffer);
  return { length, words: Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i, true)), bytes };
}

const FIRST_ROOM = 1_024;
const [QUOTE, COMMA, BACKSLASH] = [34, 44, 92];
/** Where a number waits to be written. */
const NUMBER = new Float64Array(1);

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length);
const NOTHING = new Uint8Array(0);

/** Writes JSON text made of constant pieces, numbers and text that is there already, into bytes. */
export class JsonWriter {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;
  #room: number;
  /** The bytes that text was copied from last. */
  #source: Uint8Array = NOTHING;
  #sourceView = viewOf(NOTHING);

  constructor(room = FIRST_ROOM) {
    this.#room = room;
    this.#bytes = rooms.take(room);
    this.#view = viewOf(this.#bytes);
  }

  get length(): number {
    return this.#length;
  }

  piece({ length, words }: JsonPiece): void {
    if (this.#length + length + 3 > this.#bytes.length) this.#grow(length + 3);
    const at = this.#length;
    for (let i = 0; i < words.length; i++) this.#view.setInt32(at + 4 * i, words[i] as number, true);
    this.#length = at + length; // the zeros behind it are written over
  }

  /** Text that stands in other bytes. */
  copy(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    if (from !== this.#source) {
      this.#source = from;
      this.#sourceView = viewOf(from);
    }
    const at = this.#length;
    const words = length - (length % 4);
    for (let i = 0; i < words; i += 4) this.#view.setInt32(at + i, this.#sourceView.getInt32(start + i));
    for (let i = words; i < length; i++) this.#bytes[at + i] = from[start + i] as number;
    this.#length = at + length;
  }

  /**
   * The number, text or word that begins at `start` of other bytes and ends before a comma, or at `end`.
   * @returns where it ends
   */
  copyCell(from: Uint8Array, start: number, end: number): number {
    if (this.#length + (end - start) > this.#bytes.length) this.#grow(end - start);
    const bytes = this.#bytes;
    const behind = this.#length - start;
    let at = start;
    let isText = false;
    for (; at < end; at++) {
      const byte = from[at] as number;
      if (byte === COMMA && !isText) break;
      bytes[behind + at] = byte;
      if (byte === QUOTE) isText = !isText;
      else if (byte === BACKSLASH) bytes[behind + ++at] = from[at] as number;
    }
    this.#length = behind + at;
    return at;
  }

  /** Any JSON text. */
  text(text: string): void {
    const length = 3 * text.length; // of UTF-8 at most
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** NaN and infinities become null. */
  number(value: number): void {
    NUMBER[0] = value;
    this.numberOf(NUMBER, 0);
  }

  /** The number `values[i]`. */
  numberOf(values: Float64Array, i: number): void {
    if (this.#length + MAX_NUMBER_BYTES > this.#bytes.length) this.#grow(MAX_NUMBER_BYTES);
    if (Number.isFinite(values[i])) this.#length = writeNumber(this.#bytes, this.#length, values, i);
    else this.piece(NULL);
  }

  /** The base64 of these bytes as a text. */
  base64(bytes: Buffer): void {
    const length = base64Length(bytes.length) + 2;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#bytes[this.#length] = QUOTE;
    this.#length = writeBase64(bytes, this.#bytes, this.#length + 1);
    this.#bytes[this.#length++] = QUOTE;
  }

  /** A copy of what stands behind the first `length` bytes. */
  since(length: number): Buffer {
    return Buffer.from(this.#bytes.subarray(length, this.#length));
  }

  /** Forgets what stands behind the first `length` bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  /** The text so far. The writer begins anew and touches these bytes no more, until they are given back to `rooms`. */
  take(): Buffer {
    const length = this.#length;
    const taken = this.#bytes;
    this.#length = 0;
    if (2 * length < taken.length) return copyOf(taken, length); // small: its own room is used again
    this.#renew(rooms.take(Math.max(this.#room, length + (length >> 3))));
    return taken.subarray(0, length);
  }

  /** The text, after which nothing is written any more. Its bytes belong to the caller, who may give them back to `rooms`. */
  end(): Buffer {
    const written = this.#bytes;
    const length = this.#length;
    if (4 * length >= written.length) return written.subarray(0, length); // rooms differ by a factor of two, and some stays free
    const copy = copyOf(written, length);
    rooms.give(written);
    return copy;
  }

  #grow(more: number): void {
    const small = this.#bytes;
    const larger = rooms.take(2 * (this.#length + more));
    small.copy(larger, 0, 0, this.#length);
    this.#renew(larger);
    rooms.give(small);
  }

  #renew(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

const NULL = jsonPiece('null');

function copyOf(bytes: Buffer, length: number): Buffer {
  const copy = rooms.take(length);
  bytes.copy(copy, 0, 0, length);
  return copy.subarray(0, length);
}
