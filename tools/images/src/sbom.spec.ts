import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const FILES = ['apps/api/src/main.ts', 'node_modules/zod/index.js', 'node_modules/@swc/jest/index.js'];

const sbom = (files: readonly string[]): string => {
  const program = `import { sbomOf } from './tools/sbom.mjs';
    process.stdout.write(sbomOf({ name: 'wagehood/api', version: '1.2.3' }, ${JSON.stringify(files)}));`;
  const args = ['--input-type=module', '--eval', program];
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
};

describe('the list of packages in a bundle', () => {
  it('names each package once, with version, licence and address', () => {
    const { bomFormat, components } = JSON.parse(sbom([...FILES, 'node_modules/zod/other.js']));
    expect(bomFormat).toBe('CycloneDX');
    expect(components).toMatchObject([
      { name: '@swc/jest', purl: expect.stringMatching(/^pkg:npm\/%40swc\/jest@\d/) },
      { name: 'zod', version: expect.stringMatching(/^\d/), licenses: [{ license: { id: 'MIT' } }] },
    ]);
  });

  it('is the same text whatever the order, the day and the machine', () => {
    expect(sbom([...FILES].reverse())).toBe(sbom(FILES));
    expect(sbom(FILES)).not.toMatch(/timestamp|serialNumber|\/tmp|\/home/);
  });
});
