// Bundles one project: `node tools/build.mjs <projectRoot>` writes dist/<projectRoot>/main.cjs (no node_modules needed beside it).
import { build } from 'esbuild';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2];
if (!root || !existsSync(join(root, 'src/main.ts'))) {
  console.error(`build: expected a project root that has src/main.ts, got ${root ?? 'nothing'}`);
  process.exit(1);
}
const outdir = join('dist', root);
await mkdir(outdir, { recursive: true });
await build({
  entryPoints: [join(root, 'src/main.ts')],
  outfile: join(outdir, 'main.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  minifySyntax: true,
  legalComments: 'none',
  loader: { '.lua': 'text' },
  tsconfig: 'tsconfig.base.json',
  logLevel: 'warning',
});
// A project may list files to ship beside its bundle: project.json → metadata.assets [{from, to}].
const { metadata } = JSON.parse(await readFile(join(root, 'project.json'), 'utf8'));
for (const { from, to } of metadata?.assets ?? []) await cp(from, join(outdir, to), { recursive: true });
