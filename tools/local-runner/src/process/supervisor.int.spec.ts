import { until } from '@wagehood/testing';
import { createFakeServices, isAlive } from '../testing/fake-service';
import { restartDelayMs } from './service-process';
import type { ServiceSpec } from './service-spec';
import { createSupervisor, Supervisor } from './supervisor';

const fakes = createFakeServices();
let supervisor: Supervisor;
let lines: string[];

function supervise(...specs: ServiceSpec[]): Supervisor {
  lines = [];
  supervisor = createSupervisor(specs, {
    onLine: (spec, line) => lines.push(`${spec.name}: ${(JSON.parse(line) as { message: string }).message}`),
    onChange: () => undefined,
  });
  supervisor.start();
  return supervisor;
}

const states = () => supervisor.statuses().map(({ state }) => state);
const allReady = () => until(() => states().every((state) => state === 'ready'), { what: 'all ready' });
const pids = () => supervisor.statuses().flatMap(({ pid }) => pid ?? []);

afterEach(() => supervisor.stop());
afterAll(() => fakes.remove());

describe('supervisor', () => {
  it('starts processes, hears when they are ready and stops them, feeders first', async () => {
    supervise(fakes.spec('api', 'good', 2), fakes.spec('ingestion', 'good', 0), fakes.spec('worker', 'good', 1));
    await allReady();
    const started = pids();
    expect(started).toHaveLength(3);
    await supervisor.stop();
    expect(lines.filter((line) => line.endsWith('stopping'))).toEqual([
      'ingestion: stopping',
      'worker: stopping',
      'api: stopping',
    ]);
    expect(states()).toEqual(['stopped', 'stopped', 'stopped']);
    expect(started.filter(isAlive)).toEqual([]);
  });

  it('starts a process again when it was killed, and counts it', async () => {
    supervise(fakes.spec('worker', 'good'));
    await allReady();
    const [first] = pids();
    process.kill(first as number, 'SIGKILL');
    await until(() => supervisor.statuses()[0]?.state === 'restarting');
    expect(supervisor.statuses()[0]?.problem).toBe('was killed by SIGKILL');
    await allReady();
    expect(supervisor.statuses()[0]).toMatchObject({ restarts: 1, problem: null });
    expect(pids()[0]).not.toBe(first);
  });

  it('gives up on a process that never got ready and says why', async () => {
    supervise(fakes.spec('worker', 'stillborn'));
    await until(() => supervisor.statuses()[0]?.state === 'failed', { timeoutMs: 10_000 });
    expect(supervisor.statuses()[0]?.problem).toContain('no Redis for me');
  }, 15_000);

  it('kills what does not leave, within 5 s', async () => {
    supervise(fakes.spec('deaf', 'deaf'), fakes.spec('good', 'good', 1));
    await allReady();
    const started = pids();
    const before = performance.now();
    await supervisor.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(started.filter(isAlive)).toEqual([]);
  }, 10_000);

  it('stops a process that waits for its restart', async () => {
    supervise(fakes.spec('worker', 'good'));
    await allReady();
    process.kill(pids()[0] as number, 'SIGKILL');
    await until(() => states()[0] === 'restarting');
    await supervisor.stop();
    expect(states()).toEqual(['stopped']);
  });
});

describe('restartDelayMs', () => {
  it('doubles up to a bound', () => {
    expect([1, 2, 3, 20].map(restartDelayMs)).toEqual([500, 1_000, 2_000, 15_000]);
  });
});
