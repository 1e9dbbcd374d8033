// `node tools/chaos/mutate.mjs OUTFILE EDITS`: builds the hunt for a mutant: libs/streams with these edits made, [{ file, find, replace }].
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';

const [outfile, json] = process.argv.slice(2);
const edits = JSON.parse(json);
const made = new Set();

const mutate = {
  name: 'mutate',
  setup({ onLoad }) {
    onLoad({ filter: /libs\/streams\/src\/.*\.(ts|lua)$/ }, async ({ path }) => {
      const mine = edits.filter(({ file }) => path.endsWith(`libs/streams/src/${file}`));
      if (mine.length === 0) return null;
      let contents = await readFile(path, 'utf8');
      for (const edit of mine) {
        const places = contents.match(new RegExp(edit.find, 'g'))?.length ?? 0;
        if (places !== 1) throw new Error(`${edit.file}: /${edit.find}/ is found in ${places} places instead of one`);
        contents = contents.replace(new RegExp(edit.find), () => edit.replace);
        made.add(edit);
      }
      return { contents, loader: path.endsWith('.lua') ? 'text' : 'ts' };
    });
  },
};

await build({
  entryPoints: ['tools/chaos/src/mutants/hunt.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  loader: { '.lua': 'text' },
  tsconfig: 'tsconfig.base.json',
  logLevel: 'error',
  plugins: [mutate],
});
if (made.size !== edits.length) throw new Error('a file that was to be changed is no part of the program');
