import type { z } from 'zod';
import type { ProblemError } from './problem';

export type RequestPart = 'body' | 'query' | 'path' | 'header';

export type ParsedRequest<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly ProblemError[] };

const pathOf = (part: RequestPart, path: readonly PropertyKey[]) =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`), part);

/** The issues of the alternative that the client most likely meant: the one with the fewest. */
function flatten(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): [readonly PropertyKey[], string][] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const candidates = issue.errors.map((issues) => issues.flatMap((inner) => flatten(inner, path)));
    const deep = candidates.filter((found) => found.some(([where]) => where.length > path.length));
    const best = deep.sort((a, b) => a.length - b.length)[0];
    if (best) return best;
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [[...path, key], 'is not known']);
  return [[path, issue.message]];
}

/** Reads a part of a request: the value, or everything that is wrong as `errors[]` of a problem. Never throws. */
export function parseRequest<S extends z.ZodType>(
  schema: S,
  input: unknown,
  part: RequestPart,
): ParsedRequest<z.output<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const errors = result.error.issues.flatMap((issue) => flatten(issue, []));
  return { ok: false, errors: errors.map(([path, message]) => ({ path: pathOf(part, path), message })) };
}
