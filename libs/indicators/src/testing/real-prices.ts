import type { Bar } from '@wagehood/market';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The 5 104 daily bars of the S&P 500 from January 2000 that `vega-datasets` carries. */
export function sp500(): Bar[] {
  const file = join(dirname(require.resolve('vega-datasets')), '../data/sp500-2000.csv');
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [date, ...cells] = line.split(',');
    const [open, high, low, close, , volume] = cells.map(Number) as [number, number, number, number, number, number];
    return { openTime: Date.parse(`${date}T00:00:00Z`), open, high, low, close, volume };
  });
}
