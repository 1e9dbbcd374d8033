import { until } from '@wagehood/testing';
import { SERVICES } from '../services';
import type { Container } from './container';

/** All services and their Redis as containers that find each other by name. */
export interface System {
  /** Starts Redis again under its name; absent where that is another pod, whose address a name may be late to follow. */
  restartRedis?(): void;
  container(name: string): Container;
  down(): void;
}

const START_MS = 60_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks from inside a container: names of others mean something there alone. */
function ask(from: Container, url: string, key = ''): Answer {
  const program = `fetch(${JSON.stringify(url)}, { headers: { authorization: ${JSON.stringify(`Bearer ${key}`)} } })
    .then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.text() })))
    .catch((error) => console.log(JSON.stringify({ status: 0, body: String(error) })))`;
  const { status, body } = JSON.parse(from.exec('node', '-e', program)) as { status: number; body: string };
  return { status, body: body.startsWith('{') ? JSON.parse(body) : body };
}

/** What anybody expects who has just started everything. `open` starts it. */
export function testSystem(open: () => System): void {
  let system: System;
  let key: string;
  const of = (name: string) => system.container(name);
  const allReady = () =>
    until(() => SERVICES.every((name) => ask(of(name), 'http://127.0.0.1:9000/readyz').status === 200), {
      ...{ timeoutMs: START_MS, everyMs: 500 },
      what: 'all services ready',
    });
  const signals = () => {
    const { status, body } = ask(of('api'), 'http://api:8000/api/v1/realtime/signals/SPY?limit=1', key);
    return status === 200 ? (body as { signals: readonly { id: string }[] }).signals : [];
  };

  beforeAll(() => {
    system = open();
  }, 600_000);
  afterAll(() => system?.down(), 60_000);

  it('is ready by itself, in whatever order it was started', allReady, 120_000);

  it('brings signals to whoever has a key that the api has made', async () => {
    const said = of('api').exec('node', 'main.cjs', 'keys', 'create', '--name', 'probe', '--scopes', 'read');
    key = /^wh_\w{12}_\w{64}$/m.exec(said)?.[0] ?? '';
    await until(() => signals().length > 0, { timeoutMs: START_MS, everyMs: 500, what: 'a signal of SPY' });
    expect(ask(of('api'), 'http://api:8000/api/v1/realtime/signals/SPY', 'wh_none').status).toBe(401);
  }, 120_000);

  it('serves the metrics of every service under its name, as Prometheus asks for them', () => {
    for (const name of SERVICES) {
      const { status, body } = ask(of('api'), `http://${name}:9000/metrics`);
      expect({ name, status }).toEqual({ name, status: 200 });
      expect(body).toContain('wagehood_redis_up');
    }
  }, 60_000);

  it('is locked up', () => {
    for (const [name, user] of [...SERVICES.map((service) => [service, 65532] as const), ['redis', 999] as const]) {
      const status = of(name).exec('cat', '/proc/1/status');
      expect({ name, status }).toEqual({
        name,
        status: expect.stringMatching(new RegExp(`^Uid:\\s+${user}\\s[\\s\\S]*^CapEff:\\s+0+$[\\s\\S]*^NoNewPrivs:\\s+1$`, 'm')), // prettier-ignore
      });
      expect(() => of(name).exec('touch', '/tmp/x')).toThrow(/Read-only file system/);
    }
  }, 60_000);

  it('goes on where it was, with a Redis that has started again where it can', async () => {
    const [before] = signals();
    system.restartRedis?.();
    await allReady();
    await until(() => signals()[0]?.id !== before?.id, { timeoutMs: START_MS, everyMs: 500, what: 'a newer signal' });
  }, 180_000);

  it('leaves in peace', () => {
    for (const name of SERVICES) {
      const before = performance.now();
      of(name).stop();
      expect({ name, ...of(name).state() }).toMatchObject({ name, Running: false, ExitCode: 0, OOMKilled: false });
      expect(performance.now() - before).toBeLessThan(6_000);
    }
  }, 60_000);
}
