import { ensureDependencies } from './dependencies.mjs';
import { requireNode } from './node-version.mjs';
import { ensureRedis } from './redis.mjs';
import { nx, run } from './run.mjs';

const SERVICES = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];

/**
 * Bundles a tool and runs it with the words that follow; its exit code becomes ours.
 * `withServices`: it starts them and a Redis, so they are built, and a Redis server is there.
 */
export async function runTool(name, words, { withServices = false, nodeFlags = [] } = {}) {
  requireNode();
  await ensureDependencies();
  if (withServices) await ensureRedis(console.error);
  const projects = [name, ...(withServices ? SERVICES : [])].join(',');
  const { code, output } = await nx(['run-many', '-t', 'build', '-p', projects], { quiet: true });
  if (code !== 0) {
    console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
    process.exit(1);
  }
  const program = ['--enable-source-maps', ...nodeFlags, `dist/tools/${name}/main.cjs`, ...words];
  process.exitCode = (await run(process.execPath, program)).code;
}
