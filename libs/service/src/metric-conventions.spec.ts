import { createMetrics } from './metrics';
import { conventionFault, type MetricKind } from './metric-conventions';

describe('the conventions of metrics', () => {
  it.each<[MetricKind, string, string, string[], RegExp]>([
    ['counter', 'barsTotal', 'Bars', [], /snake_case/],
    ['counter', 'bars', 'Bars', [], /_total/],
    ['gauge', 'bars_total', 'Bars', [], /_total/],
    ['gauge', 'age_ms', 'Age', [], /base unit/],
    ['gauge', 'memory_used_percent', 'Memory', [], /base unit/],
    ['gauge', 'bars_count', 'Bars', [], /histogram/],
    ['histogram', 'latency', 'Latency', [], /unit/],
    ['counter', 'bars_total', '', [], /help/],
    ['counter', 'bars_total', 'Bars.', [], /help/],
    ['counter', 'bars_total', 'Bars', ['symbol'], /symbol/],
    ['counter', 'bars_total', 'Bars', ['stage', 'url'], /url/],
  ])('refuse a %s %s with help "%s" and labels %j', (kind, name, help, labels, reason) => {
    expect(conventionFault(kind, name, help, labels)).toMatch(reason);
    const metrics = createMetrics({ service: 'test', defaults: false });
    expect(() => metrics[kind](name, help, labels)).toThrow(reason);
  });

  it('let pass what follows them', () => {
    expect(conventionFault('counter', 'bars_total', 'Bars', ['stage', 'partition'])).toBeNull();
    expect(conventionFault('gauge', 'redis_memory_used_ratio', 'Share in use', [])).toBeNull();
    expect(conventionFault('histogram', 'stage_latency_seconds', 'From append to commit', [])).toBeNull();
  });
});
