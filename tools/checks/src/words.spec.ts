import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryFiles, root, textOf } from './workspace';

const isText = (file: string) => /\.(ts|mjs|cjs|json|md|lua|yaml|yml|sh|txt|csv)$|^[A-Z-]+$|^\.ci\//.test(file);
const files = repositoryFiles().filter((file) => isText(file) && file !== 'package-lock.json');
const documents = files.filter((file) => file.endsWith('.md'));

/** Lines of fenced shell blocks, without prompts, comments and continuations of output. */
function commandsOf(file: string): string[] {
  const blocks = textOf(file).matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```/gm);
  return [...blocks].flatMap(([, block]) => (block ?? '').split('\n')).map((line) => line.trim());
}

describe('words', () => {
  it('names no path of a machine on which it was written', () => {
    const internal = /(?<![\w.-])\/w[o]rk\/|\.librar[y]\/|\/tmp\/pla[n]\b|registry\.npmj[s]/;
    expect(files.filter((file) => internal.test(textOf(file)))).toEqual([]);
  });

  it('leaves no skipped or lonely test behind', () => {
    const odd = /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(|\bf(it|describe)\(/;
    const specs = files.filter((file) => /\.(spec|e2e)\.ts$/.test(file) && file !== 'tools/checks/src/words.spec.ts');
    expect(specs.filter((file) => odd.test(textOf(file)))).toEqual([]);
  });

  it('documents only npm commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const known = new Set([...Object.keys(scripts), 'ci', 'install']);
    const unknown = documents.flatMap((file) =>
      commandsOf(file)
        .map((line) => /^npm (?:run )?([\w:-]+)/.exec(line)?.[1])
        .filter((name): name is string => name !== undefined && !known.has(name))
        .map((name) => `${file}: npm ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('links only to files that exist', () => {
    const broken = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => target ?? '')
        .filter((target) => !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('carries the licences of everything that it bundles', () => {
    execFileSync(process.execPath, ['tools/notices.mjs', '--check'], { cwd: root, stdio: 'pipe' });
  });

  it('keeps what programs write out of git', () => {
    const ignored = [
      'realtime_processor_20261122_160000.log',
      '.data/redis/appendonlydir/x',
      'dist/x',
      'node_modules/x',
    ];
    const output = execFileSync('git', ['check-ignore', ...ignored], { cwd: root, encoding: 'utf8' });
    expect(output.trim().split('\n')).toEqual(ignored);
  });
});
