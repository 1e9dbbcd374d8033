import { Command } from 'ioredis';
import { rooms } from '../json/rooms';

export type ScriptArgument = string | number | Buffer;

/** Texts up to so many characters are written by hand: that is quicker than a call of the runtime. */
const SHORT = 64;
/** Of an argument beside its own bytes: `$`, its length, and two line ends. */
const FRAME_BYTES = 20;
const NUMBER_BYTES = 24;
const [DOLLAR, STAR, CR, LF, ZERO] = [36, 42, 13, 10, 48];

/**
 * A call of a script, written at once into bytes that are used again after its answer: in general ioredis gathers pieces, then copies
 * all of them into new bytes.
 */
export class ScriptCommand extends Command {
  #bytes: Buffer | null = null;

  constructor(name: 'evalsha' | 'eval', args: readonly ScriptArgument[]) {
    super(name, [], { replyEncoding: 'utf8' });
    this.args = args as unknown as string[]; // which the constructor would copy
  }

  /** Numbers and bytes stay as they are until they are written. */
  override stringifyArguments(): void {
    return;
  }

  override toWritable(): Buffer {
    const { name } = this;
    const args = this.args as readonly ScriptArgument[];
    const most = args.reduce((sum: number, argument) => sum + FRAME_BYTES + mostBytes(argument), FRAME_BYTES + SHORT);
    const bytes = rooms.take(most);
    let at = writeCount(bytes, 0, STAR, args.length + 1);
    at = writeText(bytes, at, name);
    for (const argument of args)
      at = typeof argument === 'object' ? writeBytes(bytes, at, argument) : writeText(bytes, at, String(argument));
    return (this.#bytes = bytes.subarray(0, at));
  }

  /** To be called when it has been answered: its bytes belong to others from now on. */
  release(): void {
    if (this.#bytes) rooms.give(this.#bytes);
    this.#bytes = null;
  }
}

const mostBytes = (argument: ScriptArgument): number =>
  typeof argument === 'number' ? NUMBER_BYTES : typeof argument === 'string' ? 3 * argument.length : argument.length;

/** `$5` or `*3`, and the end of the line. */
function writeCount(bytes: Buffer, at: number, mark: number, count: number): number {
  bytes[at++] = mark;
  let unit = 1;
  while (10 * unit <= count) unit *= 10;
  for (; unit >= 1; unit = Math.floor(unit / 10)) bytes[at++] = ZERO + (Math.floor(count / unit) % 10);
  return endLine(bytes, at);
}

function endLine(bytes: Buffer, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}

function writeBytes(bytes: Buffer, at: number, argument: Buffer): number {
  const from = writeCount(bytes, at, DOLLAR, argument.length);
  bytes.set(argument, from);
  return endLine(bytes, from + argument.length);
}

function writeText(bytes: Buffer, at: number, text: string): number {
  if (text.length <= SHORT) {
    const from = writeCount(bytes, at, DOLLAR, text.length);
    let i = 0;
    for (; i < text.length && text.charCodeAt(i) < 128; i++) bytes[from + i] = text.charCodeAt(i);
    if (i === text.length) return endLine(bytes, from + i);
  }
  const from = writeCount(bytes, at, DOLLAR, Buffer.byteLength(text));
  return endLine(bytes, from + bytes.write(text, from));
}
