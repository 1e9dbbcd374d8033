import { until } from '@wagehood/testing';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { isAlive } from './testing/fake-service';
import { runRunner, type Running } from './testing/running';

jest.setTimeout(120_000);

const COMPONENTS = ['MarketDataIngestion', 'CalculationEngine', 'StrategyEvaluator', 'AlertSystem', 'Api'];
/** api, ingestion, strategy-evaluator, alerting, two workers, Redis and its guard. */
const PROCESSES = 8;

let running: Running | null = null;
let occupant: Server | null = null;
const start = (args: string, env: Record<string, string> = {}) =>
  (running = runRunner(args.split(' ').filter(Boolean), env));
const freeApi = { API_PORT: '0' };

afterEach(async () => {
  await running?.clean();
  occupant?.close();
  occupant = null;
});

const get = async (url: string): Promise<unknown> => (await fetch(url, { headers: { Connection: 'close' } })).json();

async function occupiedPort(): Promise<number> {
  occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  return (occupant.address() as AddressInfo).port;
}

describe('npm start', () => {
  it('shows bars, values and signals of SPY, QQQ and IWM within 60 s and stops everything within 5 s', async () => {
    const runner = start('--workers 2', freeApi);
    await runner.line(/up after/);
    const base = `${runner.apiUrl()}/api/v1/realtime`;
    await runner.line(/ signal /, 60_000);
    for (const symbol of ['SPY', 'QQQ', 'IWM']) {
      const values = await until(() => get(`${base}/indicators/${symbol}`), { timeoutMs: 10_000 });
      expect(JSON.stringify(values)).toContain('sma_200');
      expect(await get(`${base}/signals/${symbol}`)).toMatchObject({ symbol, signals: expect.any(Array) });
    }
    const children = runner.children();
    expect(children).toHaveLength(PROCESSES);

    const before = performance.now();
    runner.kill('SIGINT');
    expect(await runner.exit).toBe(0);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(children.filter(isAlive)).toEqual([]);

    const log = runner.log();
    expect(new Set(log.map(({ component }) => component))).toEqual(new Set([...COMPONENTS, 'LocalRunner']));
    expect(log.filter(({ level }) => level === 'ERROR')).toEqual([]);
    expect(log.some((line) => JSON.stringify(line).includes('SPY'))).toBe(true);
  });

  it('starts a worker again that was killed, and says so', async () => {
    const runner = start('--workers 2', freeApi);
    await runner.line(/up after/);
    const worker = runner
      .log()
      .find(({ service, message }) => service === 'calculation-worker' && message === 'starting');
    process.kill(worker?.['pid'] as number, 'SIGKILL');
    await runner.line(/calculation-worker-\d was killed by SIGKILL; it is started again/);
    await until(() => runner.children().length === PROCESSES, { timeoutMs: 10_000, what: 'the new worker' });
  });

  it('leaves nothing behind when the runner itself is killed', async () => {
    const runner = start('--workers 2', freeApi);
    await runner.line(/up after/);
    const children = runner.children();
    expect(children).toHaveLength(PROCESSES);
    runner.kill('SIGKILL');
    await until(() => children.every((pid) => !isAlive(pid)), { timeoutMs: 15_000, what: 'the end of all processes' });
  });

  it('stops everything when npm, which started it, is killed', async () => {
    const likeNpm = ['sh', '-c', '"$@" & wait', 'sh'];
    const runner = (running = runRunner(['--workers', '2'], { ...freeApi, npm_lifecycle_event: 'start' }, likeNpm));
    await runner.line(/up after/);
    const children = runner.children();
    expect(children).toHaveLength(PROCESSES);
    runner.kill('SIGTERM');
    await runner.exit; // the output is closed by the last process that holds it: the runner
    expect(children.filter(isAlive)).toEqual([]);
    expect(runner.output()).toContain('Stopped everything');
  });

  it('stops in order on SIGHUP while it is still coming up', async () => {
    const runner = start('--workers 1', freeApi);
    await runner.line(/starting \d+ processes/);
    const children = runner.children();
    runner.kill('SIGHUP');
    expect(await runner.exit).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
  });

  it('refuses a port in use, a Redis that is not there and a bad setting, each with a line that says so', async () => {
    const port = await occupiedPort();
    const taken = start('', { API_PORT: String(port) });
    expect(await taken.exit).toBe(1);
    expect(taken.output()).toContain(`API_PORT ${port} is in use`);
    await taken.clean();

    const lost = start('', { ...freeApi, REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await lost.exit).toBe(1);
    expect(lost.output()).toMatch(/Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached/);
    await lost.clean();

    const wrong = start('--workers none --nonsense', freeApi);
    expect(await wrong.exit).toBe(1);
    expect(wrong.output()).not.toMatch(/^\s+at /m);
  });
});
