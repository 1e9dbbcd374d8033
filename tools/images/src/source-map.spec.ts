import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const OURS = `import { call } from 'library';

class OurError extends Error {}

call(() => {
  throw new OurError('on purpose');
});
`;

describe('the source map of a bundle', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'source-map-'));
    mkdirSync(join(folder, 'node_modules/library'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/library/index.js'), 'export const call = (work) => {\n  work();\n};\n');
    writeFileSync(join(folder, 'main.ts'), OURS);
    const program = `import { build } from 'esbuild';
      import { readFile, writeFile } from 'node:fs/promises';
      import { withoutLibraries } from './tools/source-map.mjs';
      const [outfile, map] = [${JSON.stringify(join(folder, 'main.cjs'))}, ${JSON.stringify(join(folder, 'main.cjs.map'))}];
      await build({ entryPoints: [${JSON.stringify(join(folder, 'main.ts'))}], outfile, bundle: true, platform: 'node', sourcemap: true });
      const whole = await readFile(map, 'utf8');
      await writeFile(map, withoutLibraries(whole));
      process.stdout.write(whole);`;
    const args = ['--input-type=module', '--eval', program];
    const whole = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(JSON.parse(whole)).toMatchObject({ sources: ['node_modules/library/index.js', 'main.ts'] });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('leads to the line of ours that threw, and through a library to the bundle', () => {
    const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', join(folder, 'main.cjs')], {
      encoding: 'utf8',
    });
    const frames = stderr.split('\n').filter((line) => line.trimStart().startsWith('at '));
    expect(frames[0]).toContain(`${join(folder, 'main.ts')}:6:9`);
    expect(frames[1]).toContain(`at call (${join(folder, 'main.cjs')}:`);
    expect(frames[2]).toContain(`${join(folder, 'main.ts')}:5:1`);
  });
});
