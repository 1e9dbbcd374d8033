import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, textOf } from './workspace';

const examples = [...textOf('docs/extending.md').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code ?? '');

describe('the examples of docs/extending.md', () => {
  it('compile as they stand', () => {
    expect(examples.length).toBeGreaterThan(1);
    const folder = mkdtempSync(join(tmpdir(), 'wagehood-examples-'));
    try {
      const files = examples.map((code, index) => {
        writeFileSync(join(folder, `example-${index}.ts`), code);
        return `example-${index}.ts`;
      });
      const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')], types: ['node'] };
      const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions, files };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(root, 'node_modules/typescript-7/bin/tsc');
      const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
      expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
