import { loaded, refused, type Fault, type Loaded } from '../fault';
import type { EnvFragment, Variable } from './fragment';
import { typoFaults } from './typos';

/** The environment as a plain record: `process.env`, or a literal in tests. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** Reads the text of a file for `NAME_FILE` and certificates; throws when it cannot. Injected: this library does no I/O. */
export type ReadText = (path: string) => string;

/** A service's environment: named fragments. */
export type EnvSchema<T> = { readonly [K in keyof T]: EnvFragment<T[K]> };

/** The value that a schema reads. */
export type EnvOf<S> = { readonly [K in keyof S]: S[K] extends EnvFragment<infer T> ? T : never };

/** Names what a service reads from its environment, e.g. `defineEnv({ redis: redisEnv, health: healthEnv(9001) })`. */
export function defineEnv<T extends object>(schema: EnvSchema<T>): EnvSchema<T> {
  return Object.freeze(schema);
}

/** All variables of a schema, once each. */
export function variablesOf<T>(schema: EnvSchema<T>): readonly Variable<unknown>[] {
  const fragments = Object.values(schema) as EnvFragment<unknown>[];
  return [...new Map(fragments.flatMap(({ variables }) => variables).map((known) => [known.name, known])).values()];
}

/**
 * Reads a service's environment: a frozen value, or every fault at once. An empty variable counts as not set. A value is never
 * repeated in a fault when the variable is secret.
 */
export function loadEnv<T extends object>(schema: EnvSchema<T>, source: EnvSource, readText: ReadText): Loaded<T> {
  const faults: Fault[] = [];
  const variables = variablesOf(schema);
  const values: Record<string, unknown> = {};
  for (const known of variables) values[known.name] = readVariable(known, source, readText, faults);
  faults.push(...typoFaults(source, variables));
  if (faults.length > 0) return refused(faults);

  const entries = Object.entries(schema as Record<string, EnvFragment<unknown>>);
  const value = Object.fromEntries(entries.map(([key, { read }]) => [key, deepFreeze(read(values, faults))]));
  return faults.length > 0 ? refused(faults) : loaded(Object.freeze(value) as T);
}

function readVariable<T>(known: Variable<T>, source: EnvSource, readText: ReadText, faults: Fault[]): T | undefined {
  const raw = rawText(known, source, readText, faults);
  if (raw === undefined) return undefined; // each fragment has its own fallback
  const value = known.kind.parse(raw);
  if (value === undefined) faults.push(malformed(known, raw));
  return value;
}

function malformed({ name, kind, secret }: Variable<unknown>, raw: string): Fault {
  if (/^tcp:\/\//.test(raw)) {
    const expected = `${kind.expected}; a Kubernetes service link is in the way: set enableServiceLinks: false`;
    return { path: name, message: `"${raw}" is not valid`, expected };
  }
  return {
    path: name,
    message: secret ? 'is not valid' : `"${raw.slice(0, 80)}" is not valid`,
    expected: kind.expected,
  };
}

function rawText(known: Variable<unknown>, source: EnvSource, readText: ReadText, faults: Fault[]): string | undefined {
  const direct = source[known.name]?.trim() || undefined;
  if (!known.secret) return direct;
  const fileName = `${known.name}_FILE`;
  const path = source[fileName]?.trim() || undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) {
    faults.push({ path: fileName, message: `is set as well as ${known.name}`, expected: 'one of the two' });
    return undefined;
  }
  try {
    return readText(path).trim() || undefined;
  } catch (error) {
    faults.push({
      path: fileName,
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    });
    return undefined;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
