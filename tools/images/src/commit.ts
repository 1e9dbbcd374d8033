import { execFileSync } from 'node:child_process';

export interface Commit {
  readonly revision: string;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** The commit that images are made of; outside a git repository there is none, and time begins in 1970. */
export function readCommit(folder: string): Commit {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const isDirty = git('status', '--porcelain') !== '';
    const [revision = '', epoch = '0'] = git('log', '-1', '--format=%H %ct').split(' ');
    return { revision: isDirty ? `${revision}-dirty` : revision, epoch: Number(epoch) };
  } catch {
    return { revision: 'unknown', epoch: 0 };
  }
}
