import { connect } from 'node:tls';
import { ask } from './ask';
import { startTlsRedis } from './start-tls-redis';

const ping = (port: number, options: object) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ...options }, () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (reply) => {
      resolve(reply.toString());
      socket.destroy();
    });
  });

describe('startTlsRedis', () => {
  it('lets in who has a certificate of its authority, and nobody else', async () => {
    const redis = await startTlsRedis();
    try {
      const { tlsPort, certificates } = redis;
      const { ca, client } = certificates;
      expect(await ping(tlsPort, { ca, ...client })).toBe('+PONG\r\n');
      await expect(ping(tlsPort, { ca })).rejects.toThrow(/certificate required/);
      await expect(ping(tlsPort, client)).rejects.toThrow(/unable to verify|self.signed/);
      expect(await ask({ path: redis.socket }, 'PING')).toBe('PONG');
      expect(redis.isRunning()).toBe(true);
    } finally {
      await redis.stop();
    }
  });
});
