import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './kubernetes-tools';

const files = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !lstatSync(join(root, file)).isSymbolicLink());
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Names under which the sources register metrics, without their prefix. */
const registered = new Set(
  files('apps/*.ts', 'libs/*.ts')
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap((file) =>
      [...textOf(file).matchAll(/\b(?:counter|gauge|histogram|perStage|perPartition)\(\s*'(\w+)'/g)].map(
        ([, name]) => name ?? '',
      ),
    ),
);

describe('scalers, alerts and dashboards', () => {
  const used = files('deploy').flatMap((file) =>
    [...textOf(file).matchAll(/\bwagehood_([a-z_]+)/g)].map(([, name]) => ({ file, name: name ?? '' })),
  );

  it('go by metrics that some service exports', () => {
    const isKnown = (name: string) => registered.has(name) || registered.has(name.replace(/_(bucket|sum|count)$/, ''));
    expect(registered.size).toBeGreaterThan(20);
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter(({ name }) => !isKnown(name))).toEqual([]);
  });
});
