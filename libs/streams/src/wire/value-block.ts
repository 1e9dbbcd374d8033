import type { BarEvent } from '@wagehood/contracts';
import { readBase64 } from '../json/base64';
import type { JsonReader } from '../json/json-reader';
import { jsonPiece, type JsonWriter } from '../json/json-writer';
import { rooms } from '../json/rooms';

/**
 * The numbers of all rows of a table, row by row: one text at its end, the base64 (RFC 4648, with padding) of their little-endian float64. Shorter
 * than their decimals, hardly any work to write and to read, and the very same doubles. What is not finite is NaN.
 */

const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
const FIRST_NUMBERS = 2_048;
/** The upper half of the one NaN that is written, whatever the engine's own look like; its lower half is 0. */
const NAN_WORD = 0x7ff80000;
const COMMA = jsonPiece(',');
const [QUOTE_BYTE, COMMA_BYTE] = [34, 44];

/** A bar's numbers on their way into a block. */
const BAR = new Float64Array(6);

/** The numbers of rows that are being written, or have been. */
export class ValueBlock {
  #room = rooms.take(NUMBER_BYTES * FIRST_NUMBERS);
  #numbers = doublesOf(this.#room);
  #words = wordsOf(this.#room);
  #length = 0;

  /** The numbers of one more row; 0 for −0: equal numbers are equal texts. */
  add(values: Float64Array): void {
    if (this.#length + values.length > this.#numbers.length) this.#grow(values.length);
    let at = this.#length;
    for (let i = 0; i < values.length; i++, at++) {
      const value = values[i] as number;
      if (Number.isFinite(value)) this.#numbers[at] = value + 0;
      else {
        this.#words[2 * at] = 0;
        this.#words[2 * at + 1] = NAN_WORD;
      }
    }
    this.#length = at;
  }

  /** A row with the numbers of a bar. */
  addBar({ timestamp, open, high, low, close, volume }: BarEvent): void {
    BAR[0] = timestamp;
    BAR[1] = open;
    BAR[2] = high;
    BAR[3] = low;
    BAR[4] = close;
    BAR[5] = volume;
    this.add(BAR);
  }

  /** A row of another block, where each has `count`. */
  addFrom(other: ValueBlock, row: number, count: number): void {
    if (this.#length + count > this.#numbers.length) this.#grow(count);
    other.copy(row, count, this.#numbers, this.#length);
    this.#length += count;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Copies those of a row, when each has `count`, to `at` and behind it. */
  copy(row: number, count: number, into: Float64Array, at: number): void {
    for (let i = 0; i < count; i++) into[at + i] = this.#numbers[row * count + i] as number;
  }

  /** Writes the text of them all behind the last row. */
  write(to: JsonWriter): void {
    if (this.#length === 0) return;
    to.piece(COMMA);
    to.base64(this.#room.subarray(0, NUMBER_BYTES * this.#length));
  }

  /** To be called when nobody asks for them any more: their place belongs to others from now on. */
  release(): void {
    rooms.give(this.#room);
  }

  #grow(more: number): void {
    const small = this.#room;
    this.#room = rooms.take(2 * NUMBER_BYTES * (this.#length + more));
    small.copy(this.#room, 0, 0, NUMBER_BYTES * this.#length);
    this.#numbers = doublesOf(this.#room);
    this.#words = wordsOf(this.#room);
    rooms.give(small);
  }
}

const doublesOf = ({ buffer, byteOffset, length }: Buffer) =>
  new Float64Array(buffer, byteOffset, Math.floor(length / NUMBER_BYTES));

const wordsOf = ({ buffer, byteOffset, length }: Buffer) => new Int32Array(buffer, byteOffset, length >> 2);

/** Reads the numbers of one table after the other into one and the same place. */
export class ValueBlockReader {
  #room = Buffer.alloc(0);
  #numbers = doublesOf(this.#room);
  #length = 0;
  #at = 0;
  /** Where the text begins, with the comma before it. */
  #start = 0;

  /** Finds the text at the end of a table. */
  begin(table: Buffer): void {
    const end = table.length - 2; // its quote
    const start = table[end] === QUOTE_BYTE ? table.lastIndexOf(QUOTE_BYTE, end - 1) : -1;
    this.#at = 0;
    this.#length = 0;
    this.#start = start - 1;
    if (start < 1 || table[start - 1] !== COMMA_BYTE) return;
    const most = Math.ceil((3 * (end - start)) / 4);
    if (most > this.#room.length) this.#makeRoom(2 * most);
    this.#length = readBase64(table, start + 1, end, this.#room) / NUMBER_BYTES;
  }

  /** Those of the next row; false when there are none. */
  next(into: Float64Array): boolean {
    if (this.#at + into.length > this.#length) return false;
    for (let i = 0; i < into.length; i++) {
      const value = this.#numbers[this.#at + i] as number;
      into[i] = Number.isFinite(value) ? value : NaN;
    }
    this.#at += into.length;
    return true;
  }

  /** Goes behind their text; clears `from.ok` when it does not stand here, or there are more of them than have been read. */
  end(from: JsonReader): void {
    if (this.#length === 0) return;
    if (from.at === this.#start && this.#at === this.#length) from.at = from.bytes.length - 1;
    else from.ok = false;
  }

  #makeRoom(bytes: number): void {
    this.#room = Buffer.allocUnsafeSlow(NUMBER_BYTES * Math.ceil(bytes / NUMBER_BYTES));
    this.#numbers = doublesOf(this.#room);
  }
}
