// `node tools/tool.mjs NAME [flags]`: bundles a tool of this folder and runs it; its exit code becomes ours.
import { ensureDependencies } from './setup/dependencies.mjs';
import { requireNode } from './setup/node-version.mjs';
import { nx, run } from './setup/run.mjs';

const [name, ...flags] = process.argv.slice(2);
requireNode();
await ensureDependencies();
const { code, output } = await nx(['build', name], { quiet: true });
if (code !== 0) {
  console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
  process.exit(1);
}
const bundle = `dist/tools/${name}/main.cjs`;
process.exitCode = (await run(process.execPath, ['--enable-source-maps', bundle, ...flags])).code;
