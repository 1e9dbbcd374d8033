import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitRepository } from './repository';

describe('a git repository', () => {
  let folder: string;
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const commit = (subject: string) => git('commit', '--quiet', '--allow-empty', '--message', subject);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wagehood-release-'));
    git('init', '--quiet');
    git('config', 'user.name', 'Test');
    git('config', 'user.email', 'test@example.com');
    commit('feat: one');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('begins without a release', () => {
    const repository = gitRepository(folder);
    expect(repository.lastRelease()).toBeNull();
    expect(repository.commitsSince(null)).toMatchObject([{ subject: 'feat: one', body: '' }]);
  });

  it('commits and tags, and counts from there', () => {
    const repository = gitRepository(folder);
    writeFileSync(join(folder, 'a'), 'a');
    expect(repository.isClean()).toBe(false);
    repository.commitAndTag('0.9.0', ['a']);
    commit('fix: two\n\nBREAKING CHANGE: all');
    repository.commitAndTag('0.10.0', []);
    commit('docs: three');
    expect(repository.isClean()).toBe(true);
    expect(repository.lastRelease()).toBe('v0.10.0');
    expect(repository.commitsSince('v0.9.0').map(({ subject }) => subject)).toEqual([
      ...['docs: three', 'chore(release): 0.10.0', 'fix: two'],
    ]);
    expect(repository.commitsSince('v0.9.0')[2]?.body).toContain('BREAKING CHANGE: all');
  });
});
