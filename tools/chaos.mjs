// `npm run chaos -- [flags]`: builds the services and the chaos that they have to endure, and hands the flags over.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ensureRedis } from './setup/redis.mjs';
import { nx, run } from './setup/run.mjs';

const PROJECTS = ['chaos', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];

requireNode();
await ensureDependencies();
await ensureRedis(console.error);
const { code, output } = await nx(['run-many', '-t', 'build', '-p', PROJECTS.join(',')], { quiet: true });
if (code !== 0) {
  console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
  process.exit(1);
}
const chaos = ['--enable-source-maps', 'dist/tools/chaos/main.cjs', ...process.argv.slice(2)];
process.exitCode = (await run(process.execPath, chaos)).code;
