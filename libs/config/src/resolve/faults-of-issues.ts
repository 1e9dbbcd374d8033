import type { z } from 'zod';
import type { Fault } from '../fault';
import { didYouMean } from '../nearest';

type Issue = z.core.$ZodIssue;

const MAX_SHOWN = 60;

/** `indicators[2].parameters.period`. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, '');
  return text === '' ? 'settings' : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

const isSecret = (path: readonly PropertyKey[]) => /secret|password|^url$/i.test(String(path.at(-1)));

function shown(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return 'is missing';
  if (isSecret(path)) return 'is not valid';
  const text = JSON.stringify(value);
  return `${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text} is not valid`;
}

const bound = (issue: Issue & { code: 'too_small' | 'too_big' }): string => {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const word = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'string') return `${word} ${limit} characters`;
  if (issue.origin === 'array' || issue.origin === 'set')
    return `${word} ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
  return `${word} ${limit}`;
};

const article = (type: string) => {
  const names: Record<string, string> = {
    int: 'a whole number',
    boolean: 'true or false',
    record: 'an object',
    nonoptional: 'a value',
  };
  return names[type] ?? `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
};

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'custom':
      return typeof issue.params?.['expected'] === 'string' ? issue.params['expected'] : issue.message;
    default:
      return issue.message.replace(/^(Invalid input: )?(must be |expected )?/i, '');
  }
}

function unknownKeys(issue: Issue & { code: 'unrecognized_keys' }, known: readonly string[]): Fault[] {
  return issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    message: `is not known${didYouMean(key, known)}`,
  }));
}

/** The alternatives of a union, read as one: what is expected, joined by "or". */
function faultsOfUnion(issue: Issue & { code: 'invalid_union' }, input: unknown): Fault[] {
  if ('discriminator' in issue && typeof issue.discriminator === 'string') {
    const path = issue.path.at(-1) === issue.discriminator ? issue.path : [...issue.path, issue.discriminator];
    return [
      { path: pathText(path), message: shown(valueAt(input, path), path), expected: 'console, webhook or email' },
    ];
  }
  const expected = [...new Set(issue.errors.flat().map(expectedBy))].join(' or ');
  return [{ path: pathText(issue.path), message: shown(valueAt(input, issue.path), issue.path), expected }];
}

/** For a slip of the pen in one of several words. */
function hintOf(issue: Issue, value: unknown): string {
  if (issue.code !== 'invalid_value' || issue.values.length < 2 || typeof value !== 'string') return '';
  return didYouMean(value, issue.values.map(String));
}

/** What zod found, in the words of this product. `knownFields` says which fields an object at a path may have. */
export function faultsOfIssues(
  issues: readonly Issue[],
  input: unknown,
  knownFields: (path: readonly PropertyKey[]) => readonly string[],
): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, knownFields(issue.path));
    if (issue.code === 'invalid_union') return faultsOfUnion(issue, input);
    if (issue.code === 'invalid_key') {
      return [
        {
          path: pathText(issue.path),
          message: 'is not a valid name',
          expected: issue.issues[0]?.message.replace(/^must be /, '') ?? 'a name',
        },
      ];
    }
    const value = valueAt(input, issue.path);
    const message = shown(value, issue.path) + hintOf(issue, value);
    return [{ path: pathText(issue.path), message, expected: expectedBy(issue) }];
  });
}
