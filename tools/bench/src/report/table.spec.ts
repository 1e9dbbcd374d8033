import { ratioAtLeast } from './goals';
import { formatNumber, formatTable } from './table';

describe('formatTable', () => {
  it('lines figures up and says whether goals are met', () => {
    const rows = [
      { name: 'cpu per bar', value: 12.345, unit: 'µs', baseline: 916, ratio: 74.2 },
      { name: 'throughput', value: 61_234, unit: 'bars/s' },
    ];
    expect(formatTable(rows, new Map([['cpu per bar', ratioAtLeast(100)]]))).toBe(
      [
        'figure        value  unit    baseline  ratio    goal',
        'cpu per bar    12.3  µs           916  74.2×  ≥ 100×  MISSED',
        'throughput   61,234  bars/s',
      ].join('\n'),
    );
  });

  it('shows a figure that could not be had as a dash', () => {
    expect(formatNumber(NaN)).toBe('–');
  });
});
