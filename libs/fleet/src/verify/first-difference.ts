import { isDeepStrictEqual } from 'node:util';

/**
 * Where two lists of messages differ first, in words; null if they are the same. Numbers must be the same number (JSON knows no
 * −0), the order of the fields of an object does not matter.
 */
export function firstDifference(name: string, actual: readonly unknown[], expected: readonly unknown[]): string | null {
  const length = Math.max(actual.length, expected.length);
  for (let i = 0; i < length; i++) {
    const difference = differenceOf(
      `number ${i} of ${actual.length} (${expected.length} expected)`,
      actual[i],
      expected[i],
    );
    if (difference) return `${name}: ${difference}`;
  }
  return null;
}

/** How one message differs from what it should be, in words; null if it does not. */
export function differenceOf(name: string, actual: unknown, expected: unknown): string | null {
  if (isDeepStrictEqual(actual, expected)) return null; // nearly always, and it makes no text
  const [is, due] = [canonical(actual), canonical(expected)];
  return is === due ? null : `${name}\n  is       ${is}\n  expected ${due}`;
}

/** JSON text with the fields of objects in order of their names. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'nothing';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const object = value as Record<string, unknown>;
  const names = Object.keys(object).filter((name) => object[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `"${name}":${canonical(object[name])}`)
    .join()}}`;
}
