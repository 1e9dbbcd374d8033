import type { TestRedis } from '@wagehood/testing';
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** The file that Redis appends to now. */
async function tailOfAof({ dir }: TestRedis): Promise<string> {
  const folder = join(dir, 'appendonlydir');
  const name = (await readdir(folder))
    .filter((file) => file.endsWith('.incr.aof'))
    .sort()
    .at(-1);
  if (!name) throw new Error(`no append-only file in ${folder}`);
  return join(folder, name);
}

/** Remembers how much of the append-only file is safe on disk at this moment. */
export async function sync(redis: TestRedis): Promise<{ readonly file: string; readonly bytes: number }> {
  const file = await tailOfAof(redis);
  return { file, bytes: (await stat(file)).size };
}

export interface Cut {
  readonly lostBytes: number;
  /** The cut went through a transaction: whatever a script had written was half there. */
  readonly insideTransaction: boolean;
}

/**
 * What a power cut does to an append-only file that is synced every second: everything up to the last sync is there, and of the
 * rest a part that ends anywhere, or somewhere inside a transaction if there is one. Kills the server, cuts, repairs as the
 * documentation of Redis asks; the caller restarts it.
 */
export async function cutPower(
  redis: TestRedis,
  { file, bytes }: { readonly file: string; readonly bytes: number },
  share: number,
  where: 'anywhere' | 'inside a transaction' = 'anywhere',
): Promise<Cut> {
  await redis.kill('SIGKILL');
  const { size } = await stat(file);
  const tail = await readFrom(file, bytes);
  let at = Math.floor(tail.length * share);
  if (where === 'inside a transaction') at = insideTransaction(tail, at) ?? at;
  await truncate(file, bytes + at);
  await repair(file);
  return { lostBytes: size - (await stat(file)).size, insideTransaction: isOpen(tail.subarray(0, at)) };
}

/** The end of a file that may be too large to be read whole. */
async function readFrom(file: string, at: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(file, { start: at })) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const [MULTI, EXEC] = ['MULTI\r\n', 'EXEC\r\n'];

const isOpen = (bytes: Buffer): boolean => bytes.lastIndexOf(MULTI) > bytes.lastIndexOf(EXEC);

/** A place in the middle of the first transaction behind `from`. */
function insideTransaction(bytes: Buffer, from: number): number | null {
  const begin = bytes.indexOf(MULTI, from);
  const end = begin < 0 ? -1 : bytes.indexOf(EXEC, begin);
  return end < 0 ? null : Math.floor((begin + MULTI.length + end) / 2);
}

/** Without it Redis 7.0 may bring back half of a script that the cut went through. */
async function repair(file: string): Promise<void> {
  const child = spawn('redis-check-aof', ['--fix', file], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined); // a file without a fault asks nothing
  child.stdin.end('y\n');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`redis-check-aof ended with ${code}`);
}
