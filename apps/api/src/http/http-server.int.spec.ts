import { networkInterfaces } from 'node:os';
import { createHttpServer } from './http-server';

describe('the http server', () => {
  it('listens on every address when none is named, IPv6 among them', async () => {
    const server = createHttpServer({ listener: (_, response) => response.end('here'), host: undefined, port: 0 });
    await server.start();
    try {
      const here = Object.values(networkInterfaces()).flatMap((all = []) => all.filter(({ internal }) => internal));
      const answers = here.map(async ({ family, address }) => {
        const host = family === 'IPv6' ? `[${address}]` : address;
        return (await fetch(`http://${host}:${server.address().port}/`)).text();
      });
      expect(here.map(({ address }) => address)).toContain('127.0.0.1');
      expect(await Promise.all(answers)).toEqual(here.map(() => 'here'));
    } finally {
      await server.stop();
    }
  });

  it('listens where it is told to, and says which setting to check when that is not here', async () => {
    const at = (host: string) => createHttpServer({ listener: (_, response) => response.end(), host, port: 0 });
    const server = at('127.0.0.1');
    await server.start();
    expect(server.address().address).toBe('127.0.0.1');
    await server.stop();
    await expect(at('203.0.113.7').start()).rejects.toThrow('check API_HOST');
  });
});
