import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Where tools/jest/result-reporter.cjs writes one file per test run; Nx restores them with its cache. */
export const RESULTS = join(root, 'dist/test-results');

/** Adds up all runs: `{ passed, failed, skipped, failures: { file, test, message }[] }`. */
export function sumResults(folder = RESULTS) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (!existsSync(folder)) return total;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const { passed = 0, failed = 0, skipped = 0, failures = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.failures.push(...failures);
  }
  return total;
}
