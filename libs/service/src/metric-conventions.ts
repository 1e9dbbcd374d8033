export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** Labels whose values are few in every installation. A symbol, a series or an id is none of them: each value is a time series. */
const BOUNDED_LABELS: ReadonlySet<string> = new Set([
  'stage',
  'partition',
  'reason',
  'provider',
  'kind',
  'channel',
  'rule',
  'outcome',
  'state',
  'status',
  'route',
  'method',
]);

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const NO_BASE_UNIT = /_(ms|millis|milliseconds|us|micros|minutes|hours|percent|kb|mb|kilobytes|megabytes)(_|$)/;

/** What Prometheus' conventions have against a metric, null when nothing. */
export function conventionFault(
  kind: MetricKind,
  name: string,
  help: string,
  labels: readonly string[],
): string | null {
  if (!NAME.test(name)) return 'its name is not snake_case';
  if (NO_BASE_UNIT.test(name)) return 'its unit is no base unit: say seconds, bytes or ratio';
  if (/_(bucket|count|sum|info)$/.test(name)) return 'its name ends like a part of a histogram';
  if (name.endsWith('_total') !== (kind === 'counter')) return 'counters, and only they, end in _total';
  if (kind === 'histogram' && !/_(seconds|bytes|bars)$/.test(name)) return 'a histogram ends in its unit';
  if (!/^[A-Z0-9]/.test(help) || help.endsWith('.')) return 'its help is no sentence without a full stop';
  const unbounded = labels.find((label) => !BOUNDED_LABELS.has(label));
  return unbounded === undefined ? null : `its label ${unbounded} is not known to have few values`;
}
