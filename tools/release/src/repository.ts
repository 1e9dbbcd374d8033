import { execFileSync } from 'node:child_process';
import type { Commit } from './version';

export interface Repository {
  /** The newest tag `vX.Y.Z` behind this commit; null: none yet. */
  lastRelease(): string | null;
  /** From that tag, or from the beginning, to now. */
  commitsSince(tag: string | null): readonly Commit[];
  isClean(): boolean;
  commitAndTag(version: string, files: readonly string[]): void;
}

export function gitRepository(folder: string): Repository {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 ** 2 });
  return {
    lastRelease() {
      const [tag = ''] = git('tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort=-version:refname').split('\n');
      return tag === '' ? null : tag;
    },
    commitsSince(tag) {
      const range = tag === null ? 'HEAD' : `${tag}..HEAD`;
      const records = git('log', '--no-merges', '--format=%H%x1f%s%x1f%b%x1e', range).split('\x1e');
      return records
        .map((record) => record.trim().split('\x1f'))
        .filter(([hash]) => hash !== '')
        .map(([hash = '', subject = '', body = '']) => ({ hash, subject, body }));
    },
    isClean: () => git('status', '--porcelain').trim() === '',
    commitAndTag(version, files) {
      if (files.length > 0) git('add', '--', ...files);
      git('commit', '--allow-empty', '--message', `chore(release): ${version}`);
      git('tag', '--annotate', `v${version}`, '--message', `wagehood ${version}`);
    },
  };
}
