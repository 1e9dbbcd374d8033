import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@wagehood/testing';
import { isAlive } from '../testing/fake-service';
import { askRedis } from './ask-redis';
import { PrivateRedis, startPrivateRedis } from './private-redis';

const server = execFileSync('sh', ['-c', 'command -v redis-server || command -v valkey-server'], {
  encoding: 'utf8',
}).trim();
let folder: string;
let redis: PrivateRedis | null = null;

const start = async () => (redis = await startPrivateRedis({ server, folder, maxMemoryBytes: 64 * 1024 ** 2 }));
const setting = async (name: string) =>
  (await askRedis((redis as PrivateRedis).port, `CONFIG GET ${name}`))?.split('\r\n')[4];

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wagehood-redis-'))));
afterEach(async () => {
  await redis?.stop();
  redis = null;
  rmSync(folder, { recursive: true });
});

describe('startPrivateRedis', () => {
  it('listens on loopback, appends to a file, never evicts', async () => {
    await start();
    expect(await setting('bind')).toBe('127.0.0.1');
    expect(await setting('appendonly')).toBe('yes');
    expect(await setting('appendfsync')).toBe('everysec');
    expect(await setting('maxmemory-policy')).toBe('noeviction');
    expect(await setting('maxmemory')).toBe(String(64 * 1024 ** 2));
  });

  it('keeps its data from one run to the next and leaves no process behind', async () => {
    const first = await start();
    await askRedis(first.port, 'SET bar 42');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await askRedis(second.port, 'GET bar')).toContain('42');
  });

  it('repairs an append-only file whose end was lost', async () => {
    const first = await start();
    await askRedis(first.port, 'SET bar 42');
    await first.stop();
    const files = join(folder, 'appendonlydir');
    const increment = readdirSync(files).find((name) => name.endsWith('.incr.aof')) as string;
    appendFileSync(join(files, increment), '*3\r\n$3\r\nSET\r\n$3\r\nba');
    const second = await start();
    expect(second.repaired).not.toBeNull();
    expect(await askRedis(second.port, 'GET bar')).toContain('42');
  });

  it('refuses a folder that another server uses', async () => {
    const first = await start();
    await expect(startPrivateRedis({ server, folder, maxMemoryBytes: 1024 ** 3 })).rejects.toThrow(
      `(its Redis listens on port ${first.port})`,
    );
  });

  it('says what the server said when it cannot start', async () => {
    await expect(startPrivateRedis({ server, folder, maxMemoryBytes: -1 })).rejects.toThrow(/Redis did not start: ./);
  });

  it('tells when the server died', async () => {
    const { pid, died } = await start();
    process.kill(pid, 'SIGKILL');
    await expect(died).resolves.toEqual(expect.any(String));
  });
});

describe('a runner that is killed', () => {
  it('takes its Redis with it', async () => {
    // swc compiles the module on the fly, so that a process of its own can run it
    const script = `
      require(${JSON.stringify(join(__dirname, '../testing/require-ts.cjs'))});
      const { startPrivateRedis } = require(${JSON.stringify(join(__dirname, 'private-redis.ts'))});
      startPrivateRedis(${JSON.stringify({ server, folder, maxMemoryBytes: 1024 ** 3 })}).then(({ pid }) => process.stdout.write(String(pid)));
    `;
    const runner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise<Buffer>((resolve) => runner.stdout.once('data', resolve)));
    runner.kill('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    await until(() => !isAlive(pid), { timeoutMs: 10_000, what: 'end of the orphan' });
  }, 20_000);
});
