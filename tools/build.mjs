// Bundles one project: `node tools/build.mjs <projectRoot>` writes dist/<projectRoot>/main.cjs (no node_modules needed beside it)
// and sbom.cdx.json, which names the packages inside.
import { build } from 'esbuild';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sbomOf } from './sbom.mjs';
import { withoutLibraries } from './source-map.mjs';

const root = process.argv[2];
if (!root || !existsSync(join(root, 'src/main.ts'))) {
  console.error(`build: expected a project root that has src/main.ts, got ${root ?? 'nothing'}`);
  process.exit(1);
}
const outdir = join('dist', root);
await mkdir(outdir, { recursive: true });
/** The Kubernetes client does not say so, but none of its modules has a side effect: what is not used is left out. */
const withoutSideEffects = {
  name: 'without-side-effects',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@kubernetes\/client-node$/ }, async ({ path, pluginData, ...options }) =>
      pluginData === 'seen'
        ? undefined
        : { ...(await resolve(path, { ...options, pluginData: 'seen' })), sideEffects: false },
    );
    onResolve({ filter: /^\.{1,2}\//, namespace: 'file' }, async ({ path, pluginData, ...options }) =>
      pluginData === 'seen' || !/node_modules\/@kubernetes\/client-node\//.test(options.importer)
        ? undefined
        : { ...(await resolve(path, { ...options, pluginData: 'seen' })), sideEffects: false },
    );
  },
};

const { metafile } = await build({
  entryPoints: [join(root, 'src/main.ts')],
  outfile: join(outdir, 'main.cjs'),
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false, // a stack trace needs none
  minifySyntax: true,
  legalComments: 'none',
  loader: { '.lua': 'text' },
  tsconfig: 'tsconfig.base.json',
  logLevel: 'warning',
  plugins: [withoutSideEffects],
});
const sourceMap = join(outdir, 'main.cjs.map');
await writeFile(sourceMap, withoutLibraries(await readFile(sourceMap, 'utf8')));

// A project may list files to ship beside its bundle: project.json → metadata.assets [{from, to}].
const { name, metadata } = JSON.parse(await readFile(join(root, 'project.json'), 'utf8'));
const assets = metadata?.assets ?? [];
for (const { from, to } of assets) await cp(from, join(outdir, to), { recursive: true });

const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const sbom = sbomOf({ name: `wagehood/${name}`, version }, [...bundled, ...assets.map(({ from }) => from)]);
await writeFile(join(outdir, 'sbom.cdx.json'), sbom);
