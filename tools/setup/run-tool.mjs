import { nx, run } from './run.mjs';

/** Bundles a tool and runs it with the words of this command line; its exit code becomes ours. */
export async function runTool(name) {
  const { code, output } = await nx(['build', name], { quiet: true });
  if (code !== 0) {
    console.error(`${output.trim()}\nThe build failed; the lines above say why.`);
    process.exit(1);
  }
  const bundle = `dist/tools/${name}/main.cjs`;
  process.exitCode = (await run(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)])).code;
}
