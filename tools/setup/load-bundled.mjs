import { buildSync } from 'esbuild';
import { createRequire } from 'node:module';

/** What a program exports that Node alone cannot load: it is bundled, and imports what the root of the repository can. */
export function loadBundled(contents, options = {}) {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
    ...options,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}
