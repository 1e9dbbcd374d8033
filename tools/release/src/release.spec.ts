import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { releaseChangelog } from './changelog';
import { readFlags } from './flags';
import { PLACES, replaceVersion } from './places';
import { planRelease } from './plan';
import { release } from './release';
import type { Repository } from './repository';

const root = resolve(__dirname, '../../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const { version } = JSON.parse(textOf('package.json')) as { version: string };

const repository = (last: string | null, ...subjects: string[]): Repository => ({
  lastRelease: () => last,
  commitsSince: () => subjects.map((subject) => ({ hash: 'x', subject, body: '' })),
  isClean: () => true,
  commitAndTag: () => {
    throw new Error('a dry run commits nothing');
  },
});

describe('the plan of a release', () => {
  it('is the present version when there was none before', () => {
    expect(planRelease(root, repository(null, 'feat: a'), null, '2026-01-01').to).toBe(version);
  });

  it('writes the new version wherever the old one stands', () => {
    const { to, files } = planRelease(root, repository('v0.0.1', 'feat: a'), '7.8.9', '2026-01-01');
    expect(to).toBe('7.8.9');
    for (const { file, phrase, times } of PLACES) {
      expect({ file, count: files.get(file)?.split(phrase('7.8.9')).length }).toEqual({ file, count: times + 1 });
    }
    expect(JSON.parse(files.get('package-lock.json') ?? '')).toMatchObject({
      version: '7.8.9',
      packages: { '': { version: '7.8.9' } },
    });
    expect(files.get('CHANGELOG.md')).toContain('## 7.8.9 (2026-01-01)');
  });

  it('knows every place', () => {
    const list = execFileSync('git', ['grep', '--files-with-matches', '--fixed-strings', version], {
      cwd: root,
      encoding: 'utf8',
    });
    const known = [...PLACES.map(({ file }) => file), 'CHANGELOG.md'];
    const other = list
      .split('\n')
      .filter((file) => /^(deploy|apps\/api\/src\/openapi)\//.test(file) && !known.includes(file));
    expect(other).toEqual([]);
    for (const place of PLACES) {
      expect(() => replaceVersion('nothing', place, version, '7.8.9')).toThrow('0 times instead of');
    }
  });

  it('says so when nothing reaches a user', () => {
    expect(() => planRelease(root, repository('v1.0.0', 'docs: a'), null, '2026-01-01')).toThrow(
      'Since v1.0.0 nothing',
    );
  });
});

it('a dry run writes nothing', () => {
  const said: string[] = [];
  const flags = { dryRun: true, version: 'minor', images: false };
  const before = textOf('package.json');
  release({ root, repository: repository('v0.0.1'), flags, day: '2026-01-01', say: (line) => void said.push(line) });
  expect(said.join('\n')).toContain('image wagehood/api:');
  expect(textOf('package.json')).toBe(before);
});

describe('the changelog', () => {
  const changes = [
    { type: 'feat', scope: 'api', text: 'more', isBreaking: false },
    { type: 'fix', scope: '', text: 'less', isBreaking: true },
    { type: 'docs', scope: '', text: 'words', isBreaking: false },
  ];

  it('keeps what somebody has written', () => {
    const text = '# Changelog\n\n## Unreleased\n\n### Added\n\n- By hand.\n\n## 1.0.0\n\n- Old.\n';
    expect(releaseChangelog(text, '1.1.0', '2026-01-01', changes)).toBe(
      '# Changelog\n\n## Unreleased\n\n## 1.1.0 (2026-01-01)\n\n### Added\n\n- By hand.\n\n## 1.0.0\n\n- Old.\n',
    );
  });

  it('lets the commits speak where nobody has', () => {
    expect(releaseChangelog('## Unreleased\n', '1.1.0', '2026-01-01', changes)).toBe(
      '## Unreleased\n\n## 1.1.0 (2026-01-01)\n\n### Added\n\n- api: more\n\n### Fixed\n\n- **Breaking:** less\n',
    );
  });
});

it('refuses what is no version', () => {
  expect(readFlags(['--dry-run', '--version', 'patch'])).toEqual({ dryRun: true, version: 'patch', images: false });
  expect(() => readFlags(['--version', '1.2'])).toThrow('--version 1.2');
});
