export type Step = 'major' | 'minor' | 'patch';

export interface Commit {
  readonly hash: string;
  readonly subject: string;
  readonly body: string;
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const SUBJECT = /^(\w+)(?:\(([^)]*)\))?(!)?: (.+)$/;

export interface Change {
  readonly type: string;
  readonly scope: string;
  readonly isBreaking: boolean;
  readonly text: string;
}

/** What a conventional commit says; null when it is none. */
export function changeOf({ subject, body }: Commit): Change | null {
  const [, type = '', scope = '', mark, text = ''] = SUBJECT.exec(subject) ?? [];
  if (type === '') return null;
  return { type, scope, text, isBreaking: mark === '!' || /^BREAKING[ -]CHANGE: /m.test(body) };
}

/** How far a version must move for these changes; null: nothing in them reaches a user. Before 1.0.0 nothing is promised to stay. */
export function stepFor(changes: readonly Change[], version: string): Step | null {
  const isYoung = version.startsWith('0.');
  if (changes.some(({ isBreaking }) => isBreaking)) return isYoung ? 'minor' : 'major';
  if (changes.some(({ type }) => type === 'feat')) return 'minor';
  return changes.some(({ type }) => type === 'fix' || type === 'perf') ? 'patch' : null;
}

export function nextVersion(version: string, step: Step): string {
  const [, major = 0, minor = 0, patch = 0] = (VERSION.exec(version) ?? []).map(Number);
  if (step === 'major') return `${major + 1}.0.0`;
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

export const isVersion = (text: string): boolean => VERSION.test(text);
