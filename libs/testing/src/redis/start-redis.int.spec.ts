import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { until } from '../until';
import { ping } from './ping';
import { startRedis } from './start-redis';

const say = (path: string, line: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString('utf8').trim());
    });
    socket.write(`${line}\r\n`);
  });

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startRedis', () => {
  it('is ready on a unix socket of its own and leaves nothing behind', async () => {
    const redis = await startRedis();
    expect(redis.url).toBe(`unix://${redis.socket}`);
    expect(await say(redis.socket, 'SET a 1')).toBe('+OK');
    const { pid, dir } = redis;
    await redis.stop();
    await redis.stop();
    expect(alive(pid)).toBe(false);
    expect(existsSync(dir)).toBe(false);
  });

  it('listens on a loopback port when asked', async () => {
    const redis = await startRedis({ port: true });
    const port = redis.port ?? 0;
    expect(redis.url).toBe(`redis://127.0.0.1:${port}`);
    expect(await ping({ host: '127.0.0.1', port })).toBe(true);
    await redis.stop();
    expect(await ping({ host: '127.0.0.1', port })).toBe(false);
  });

  it('keeps its data over a kill -9 when the AOF is on', async () => {
    const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    await say(redis.socket, 'SET kept yes');
    const before = redis.pid;
    await redis.kill();
    expect(await ping({ path: redis.socket })).toBe(false);
    await redis.restart();
    expect(redis.pid).not.toBe(before);
    expect(await say(redis.socket, 'GET kept')).toContain('yes');
    await redis.stop();
  });

  it('says why the server did not start', async () => {
    await expect(startRedis({ args: ['--no-such-option', '1'] })).rejects.toThrow(/did not start[\s\S]*no-such-option/);
  });

  it('says so when there is no server to start', async () => {
    await expect(startRedis({ program: 'no-such-redis' })).rejects.toThrow('no-such-redis is not on PATH');
  });

  it('ends the server even when the process that started it is killed', async () => {
    const script = `
      require('@swc/core');
      const { transformSync } = require('@swc/core');
      const { readFileSync } = require('node:fs');
      require.extensions['.ts'] = (module, file) => module._compile(transformSync(readFileSync(file, 'utf8'), {
        filename: file, swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }).code, file);
      require('./libs/testing/src/redis/start-redis.ts').startRedis().then((redis) => {
        console.log(JSON.stringify({ pid: redis.pid, dir: redis.dir }));
        setInterval(() => {}, 1000);
      });`;
    const child = spawn(process.execPath, ['-e', script], {
      cwd: `${__dirname}/../../../..`,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
    const { pid, dir } = JSON.parse(line) as { pid: number; dir: string };
    expect(alive(pid)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !alive(pid) && !existsSync(dir), { what: 'the orphan is gone' });
  });
});
