import { changeOf, nextVersion, stepFor } from './version';

const change = (subject: string, body = '') => changeOf({ hash: 'x', subject, body });
const step = (version: string, ...subjects: string[]) =>
  stepFor(
    subjects.flatMap((subject) => change(subject) ?? []),
    version,
  );

it('reads a conventional commit', () => {
  expect(change('feat(api): more')).toEqual({ type: 'feat', scope: 'api', text: 'more', isBreaking: false });
  expect(change('fix!: less')).toMatchObject({ scope: '', isBreaking: true });
  expect(change('fix: less', 'why\n\nBREAKING CHANGE: all')).toMatchObject({ isBreaking: true });
  expect(change('Merge branch x')).toBeNull();
});

it('moves as far as the changes call for', () => {
  expect(step('1.2.3', 'fix: a', 'feat: b')).toBe('minor');
  expect(step('1.2.3', 'perf: a', 'docs: b')).toBe('patch');
  expect(step('1.2.3', 'docs: a', 'test: b')).toBeNull();
  expect(step('1.2.3', 'refactor!: a')).toBe('major');
  expect(step('0.2.3', 'refactor!: a')).toBe('minor');
});

it('counts as Semantic Versioning does', () => {
  expect([nextVersion('1.2.3', 'major'), nextVersion('1.2.3', 'minor'), nextVersion('1.2.3', 'patch')]).toEqual([
    ...['2.0.0', '1.3.0', '1.2.4'],
  ]);
});
