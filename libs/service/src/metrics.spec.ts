import { createMetrics } from './metrics';

describe('createMetrics', () => {
  const bare = () => createMetrics({ service: 'api', defaults: false });

  it('prefixes names and labels everything with the service', async () => {
    const metrics = bare();
    metrics.counter('bars_total', 'Bars', ['provider']).inc({ provider: 'mock' }, 3);
    metrics.gauge('lag', 'Lag').set(7);
    metrics.histogram('age_seconds', 'Age').observe(0.02);
    const text = await metrics.text();
    expect(text).toContain('wagehood_bars_total{provider="mock",service="api"} 3');
    expect(text).toContain('wagehood_lag{service="api"} 7');
    expect(text).toContain('wagehood_age_seconds_bucket{le="0.025",service="api"} 1');
    expect(text).toContain('wagehood_age_seconds_bucket{le="0.01",service="api"} 0');
  });

  it('reads gauges at the scrape', async () => {
    const metrics = bare();
    let value = 1;
    metrics.gauge('depth', 'Depth', [], (gauge) => gauge.set(value));
    value = 42;
    expect(await metrics.text()).toContain('wagehood_depth{service="api"} 42');
  });

  it('keeps two services of one process apart', async () => {
    const [one, two] = [bare(), bare()];
    one.counter('only_one_total', 'X').inc();
    expect(await two.text()).not.toContain('only_one_total');
  });

  it('refuses the same name twice', () => {
    const metrics = bare();
    metrics.counter('x_total', 'X');
    expect(() => metrics.counter('x_total', 'X')).toThrow('already been registered');
  });
});
