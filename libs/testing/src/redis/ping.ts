import { connect } from 'node:net';

export type RedisAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** True when a Redis at this address answers PING over a raw socket; NOAUTH counts as an answer, LOADING does not. */
export function ping(address: RedisAddress, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const answer = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(timeoutMs, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => answer(/^(\+PONG|-NOAUTH)/.test(reply.toString('latin1'))));
    socket.once('close', () => answer(false));
  });
}
