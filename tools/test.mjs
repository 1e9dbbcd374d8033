// `npm test`: everything that must hold, in one command. The last line reads `N passed, N failed`.
import { rmSync } from 'node:fs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ensureRedis } from './setup/redis.mjs';
import { nx, run } from './setup/run.mjs';
import { RESULTS, sumResults } from './setup/test-results.mjs';

// Stages run one after the other, and so do the suites of whole systems, for they must not compete for the same cores. Tests with a real
// Redis mostly wait: two of them share the machine. So do the journeys of a system (pipeline-e2e), as far as they wait.
const STAGES = [
  { name: 'lint, types and unit tests', targets: ['lint', 'typecheck', 'test'], parallel: 2 },
  { name: 'tests with a real Redis', targets: ['int'], parallel: 2 },
  { name: 'whole system', targets: ['e2e'], parallel: 1 },
];

requireNode();
await ensureDependencies();
try {
  await ensureRedis(console.log);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

rmSync(RESULTS, { recursive: true, force: true });
let failedStages = 0;
console.log('=== format ===');
if ((await run(process.execPath, ['node_modules/.bin/prettier', '--check', '--log-level=warn', '.'])).code !== 0)
  failedStages += 1;
for (const { name, targets, parallel } of STAGES) {
  console.log(`\n=== ${name} ===`);
  const args = ['run-many', '-t', ...targets, `--parallel=${parallel}`, '--nxBail=false', '--outputStyle=static'];
  if ((await nx(args)).code !== 0) failedStages += 1;
}

const { passed, failed, skipped, failures } = sumResults();
// Once more what failed, where everybody looks first.
for (const { file, test, message } of failures)
  console.log(`\n=== failed: ${file}${test ? `: ${test}` : ''}\n${message}`);
// A stage that failed without a failed test (format, lint, types, a crash) is a failure too.
const faults = failed > 0 ? failed : failedStages;
console.log(`\n${passed} passed, ${faults} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = faults === 0 && failedStages === 0 && passed > 0 ? 0 : 1;
