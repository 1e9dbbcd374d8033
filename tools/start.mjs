// `npm start`: from a fresh clone to live signals. Plain Node, since nothing may be installed yet.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { nx, root } from './setup/run.mjs';

const RUNNER = 'local-runner';
const SERVICES = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];
// These answer without starting anything, so the runner alone is enough.
const ANSWERS = ['--help', '-h', '--validate-only', '--show-config'];

requireNode();
await ensureDependencies();

const answersOnly = process.argv.slice(2).some((argument) => ANSWERS.includes(argument));
const projects = answersOnly ? [RUNNER] : [RUNNER, ...SERVICES];
if (!answersOnly) console.log('Building what changed…');
const { code, output } = await nx(['run-many', '-t', 'build', '-p', projects.join(',')], { quiet: true });
if (code !== 0) {
  console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
  process.exit(1);
}

process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(root, 'dist/tools/local-runner/main.cjs')).href);
