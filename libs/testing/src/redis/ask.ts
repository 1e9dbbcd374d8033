import { connect } from 'node:net';
import type { RedisAddress } from './ping';
import { encodeCommand, parseReply, type RespValue } from './resp';

const TIMEOUT_MS = 5_000;

/**
 * One command on a connection of its own: for what a test does to a server behind the back of the client under test.
 * @throws Error that Redis answers, or that the connection gives
 */
export function ask<Reply = RespValue>(address: RedisAddress, ...words: readonly (string | number)[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    let bytes = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(new Error(`no answer to ${words.join(' ')} within ${TIMEOUT_MS} ms`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error(`the connection was closed before ${words[0]} was answered`)));
    socket.once('connect', () => socket.write(encodeCommand(words)));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const reply = parseReply(bytes);
      if (!reply) return;
      if (reply.value instanceof Error) return fail(reply.value);
      resolve(reply.value as Reply);
      socket.destroy();
    });
  });
}

/** The fields of INFO (or CLUSTER INFO) as a record. */
export async function askInfo(address: RedisAddress, ...words: readonly string[]): Promise<Record<string, string>> {
  const text = await ask<string>(address, ...words);
  const fields = text.split('\r\n').map((line) => line.split(':') as [string, string | undefined]);
  return Object.fromEntries(fields.map(([name, value]) => [name, value ?? '']));
}
