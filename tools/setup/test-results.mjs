import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Where tools/jest/result-reporter.cjs writes one file per test run; Nx restores them with its cache. */
export const RESULTS = join(root, 'dist/test-results');

/** Adds up the counts of all runs: `{ passed, failed, skipped }`. */
export function sumResults(folder = RESULTS) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(folder)) return total;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const counts = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  }
  return total;
}
