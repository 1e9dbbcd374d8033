import { roster } from './roster';

const names = (workers: number, alerts: boolean) =>
  roster({ root: '/repo', workers, alerts, env: {} }).map(({ name }) => name);

describe('roster', () => {
  it('has one process of each service and as many workers as asked for', () => {
    expect(names(2, true).sort()).toEqual(
      ['alerting', 'api', 'calculation-worker-1', 'calculation-worker-2', 'ingestion', 'strategy-evaluator'].sort(),
    );
    expect(names(1, false)).not.toContain('alerting');
  });

  it('stops whoever feeds before whoever is fed', () => {
    const services = roster({ root: '/repo', workers: 1, alerts: true, env: {} });
    const order = [...services].sort((a, b) => a.stopWave - b.stopWave).map(({ name }) => name);
    expect(order).toEqual(['ingestion', 'calculation-worker-1', 'strategy-evaluator', 'api', 'alerting']);
  });

  it('leaves the health ports to the system, so that any number of processes fits, and shows them to this machine alone', () => {
    const [service] = roster({ root: '/repo', workers: 1, alerts: true, env: { HEALTH_PORT: '9000', A: 'b' } });
    expect(service).toMatchObject({
      script: '/repo/dist/apps/api/main.cjs',
      env: { HEALTH_HOST: '127.0.0.1', HEALTH_PORT: '0', A: 'b' },
    });
    const [asked] = roster({ root: '/repo', workers: 1, alerts: true, env: { HEALTH_HOST: '::1' } });
    expect(asked?.env).toMatchObject({ HEALTH_HOST: '::1' });
  });
});
