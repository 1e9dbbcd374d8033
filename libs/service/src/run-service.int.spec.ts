import { until } from '@wagehood/testing';
import { createServer, type AddressInfo } from 'node:net';
import { bundleFixture, type Fixture } from './testing/run-fixture';

const bundle = bundleFixture();
let service: Fixture | undefined;
const run = (env: Record<string, string> = {}) => (service = bundle.run(env));

afterEach(async () => {
  service?.signal('SIGKILL');
  await service?.exit();
});
afterAll(() => bundle.remove());

const steps = (fixture: Fixture) =>
  fixture
    .output()
    .split('\n')
    .filter((line) => /^(start|stop) /.test(line));

describe('runService', () => {
  it('starts parts in order, says ready once with its ports, stops in reverse on SIGTERM and exits with 0', async () => {
    const fixture = run();
    const ready = await fixture.line('ready');
    expect(ready).toMatchObject({ level: 'INFO', component: 'Api', service: 'fixture', apiPort: 4242 });
    expect(ready['healthPort']).toEqual(expect.any(Number));
    fixture.signal('SIGTERM');
    expect(await fixture.exit()).toBe(0);
    expect(steps(fixture)).toEqual([
      'start first',
      'start second',
      'start third',
      'stop third',
      'stop second',
      'stop first',
    ]);
    expect(fixture.lines().filter(({ message }) => message === 'ready')).toHaveLength(1);
    expect(fixture.errors()).toBe('');
  });

  it('drains on SIGINT too, and a second signal changes nothing', async () => {
    const fixture = run();
    await fixture.line('ready');
    fixture.signal('SIGINT');
    fixture.signal('SIGTERM');
    expect(await fixture.exit()).toBe(0);
    expect(steps(fixture)).toHaveLength(6);
  });

  it('answers /livez, /readyz and /metrics, and nothing else', async () => {
    const fixture = run();
    await fixture.line('ready');
    const readyz = await fixture.get('/readyz');
    expect(readyz.status).toBe(200);
    expect(await readyz.json()).toEqual({
      ok: true,
      parts: ['first', 'second', 'third'].map((name) => ({ name, ok: true, detail: 'ok' })),
    });
    expect(await (await fixture.get('/livez')).json()).toMatchObject({
      ok: true,
      eventLoopDelayMs: expect.any(Number),
    });
    const metrics = await (await fixture.get('/metrics')).text();
    expect(metrics).toContain('wagehood_fixture_builds_total{service="fixture"} 1');
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
    expect((await fixture.get('/nothing')).status).toBe(404);
  });

  it('serves no /metrics with ENABLE_MONITORING=false', async () => {
    const fixture = run({ ENABLE_MONITORING: 'false' });
    await fixture.line('ready');
    expect((await fixture.get('/metrics')).status).toBe(404);
  });

  it('says on /readyz what holds the start up, is alive meanwhile, and can be stopped in mid-start', async () => {
    const fixture = run({ FIXTURE: 'start-hangs' });
    await until(() => fixture.output().includes('start first'));
    const readyz = await fixture.get('/readyz');
    expect(readyz.status).toBe(503);
    expect(await readyz.json()).toMatchObject({
      parts: [
        { name: 'first', ok: true },
        { name: 'second', ok: false, detail: 'starting: Redis at localhost:1: connection refused' },
        { name: 'third', ok: false, detail: 'starting' },
      ],
    });
    expect((await fixture.get('/livez')).status).toBe(200);
    fixture.signal('SIGTERM');
    expect(await fixture.exit()).toBe(0);
    expect(steps(fixture)).toEqual(['start first', 'stop second', 'stop first']);
  });

  it('turns unready and ready again with a reason, one line each', async () => {
    const fixture = run({ FIXTURE: 'unready' });
    await fixture.line('ready');
    fixture.signal('SIGUSR2');
    expect(await fixture.line('not ready')).toMatchObject({ level: 'WARN', reasons: ['second: Redis is away'] });
    expect((await fixture.get('/readyz')).status).toBe(503);
    fixture.signal('SIGUSR2');
    await fixture.line('ready again');
    expect((await fixture.get('/readyz')).status).toBe(200);
  });

  it('asks for a restart on /livez when a part is stuck', async () => {
    const fixture = run({ FIXTURE: 'stuck' });
    await fixture.line('ready');
    const livez = await fixture.get('/livez');
    expect(livez.status).toBe(503);
    expect(await livez.text()).toContain('a commit is stuck for 61 s');
  });

  it('exits with 1 and one readable message when a part fails to start, after stopping the others', async () => {
    const fixture = run({ FIXTURE: 'start-fails' });
    expect(await fixture.exit()).toBe(1);
    expect(fixture.errors()).toBe('fixture cannot start: Redis at localhost:1 refuses: ECONNREFUSED\n');
    expect(fixture.output()).not.toMatch(/\bat .*\.cjs:\d+/);
    expect(fixture.lines().filter(({ level }) => level === 'ERROR')).toHaveLength(1);
    expect(steps(fixture)).toEqual(['start first', 'stop second', 'stop first']);
  });

  it('lists everything that is wrong with the environment', async () => {
    const fixture = run({ HEALTH_PORT: 'ninety', LOG_LEVEL: 'loud' });
    expect(await fixture.exit()).toBe(1);
    expect(fixture.errors()).toBe(
      [
        'fixture cannot start: environment: 2 faults',
        '  - HEALTH_PORT: "ninety" is not valid (expected a whole number from 0 to 65535)',
        '  - LOG_LEVEL: "loud" is not valid (expected one of error, warn, info, debug)',
        '',
      ].join('\n'),
    );
  });

  it('says which port is in use and what to do', async () => {
    const other = createServer().listen(0, '0.0.0.0');
    await until(() => other.listening);
    const { port } = other.address() as AddressInfo;
    const fixture = run({ HEALTH_PORT: `${port}` });
    expect(await fixture.exit()).toBe(1);
    expect(fixture.errors()).toBe(
      `fixture cannot start: health port ${port} is in use by another process; ` +
        'set HEALTH_PORT to another port (0 = any free one)\n',
    );
    other.close();
  });

  it.each([
    ['reject', 'unhandled rejection'],
    ['throw', 'uncaught exception'],
  ])('logs a lost error (%s) with its stack and exits with 1', async (how, message) => {
    const fixture = run({ FIXTURE: how });
    expect(await fixture.exit()).toBe(1);
    expect(await fixture.line(message)).toMatchObject({
      level: 'ERROR',
      error: { message: 'nobody caught me', stack: expect.stringContaining('Error: nobody caught me') },
    });
  });

  it('drains and exits with 1 after fatal', async () => {
    const fixture = run({ FIXTURE: 'fatal' });
    expect(await fixture.exit()).toBe(1);
    expect(await fixture.line('no progress for 60 s')).toMatchObject({ level: 'ERROR', error: { message: 'stuck' } });
    expect(steps(fixture).slice(3)).toEqual(['stop third', 'stop second', 'stop first']);
  });

  it('leaves at the hard limit when a part does not stop', async () => {
    const fixture = run({ FIXTURE: 'stop-hangs' });
    await fixture.line('ready');
    fixture.signal('SIGTERM');
    expect(await fixture.exit()).toBe(1);
    expect(await fixture.line('drain took too long, leaving')).toMatchObject({ drainMs: 1000 });
  });

  it('stops the others when one part fails to stop', async () => {
    const fixture = run({ FIXTURE: 'stop-fails' });
    await fixture.line('ready');
    fixture.signal('SIGTERM');
    expect(await fixture.exit()).toBe(0);
    expect(await fixture.line('part failed to stop')).toMatchObject({ part: 'second', error: 'cannot let go' });
    expect(steps(fixture)).toContain('stop first');
  });

  it('never shows a secret', async () => {
    const fixture = run({ FIXTURE_KEY: 'hunter2hunter2' });
    const line = await fixture.line('connecting');
    expect(line).toMatchObject({ url: 'redis://u:***@host', password: '***', note: 'key is ***' });
    expect(fixture.output()).not.toContain('hunter2');
  });
});
