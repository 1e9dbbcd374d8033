// `npm run bench -- [flags]`: builds what the benchmarks run and hands the flags over to them.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ensureRedis } from './setup/redis.mjs';
import { nx, run } from './setup/run.mjs';

const PROJECTS = ['bench', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];

requireNode();
await ensureDependencies();
await ensureRedis(console.error);
const { code, output } = await nx(['run-many', '-t', 'build', '-p', PROJECTS.join(',')], { quiet: true });
if (code !== 0) {
  console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
  process.exit(1);
}
const bench = ['--enable-source-maps', '--expose-gc', 'dist/tools/bench/main.cjs'];
process.exitCode = (await run(process.execPath, [...bench, ...process.argv.slice(2)])).code;
