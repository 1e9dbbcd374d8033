import { connect } from 'node:net';

/** Sends one inline command to a Redis on loopback; null when nobody answers within `timeoutMs`. */
export function askRedis(port: number, command: string, timeoutMs = 500): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer: string | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(null));
    socket.once('error', () => end(null));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (chunk) => end(chunk.toString()));
  });
}

/** Whether it serves; a server that still loads its data answers, but not with PONG. */
export async function servesCommands(port: number): Promise<boolean> {
  return (await askRedis(port, 'PING'))?.startsWith('+PONG') === true;
}
