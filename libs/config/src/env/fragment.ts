import type { Fault } from '../fault';
import type { Kind } from './kinds';

/** One variable of the environment. */
export interface Variable<T> {
  readonly name: string;
  /** One line for the documentation. */
  readonly meaning: string;
  readonly kind: Kind<T>;
  /** Value when it is not set; undefined = none. */
  readonly fallback: T | undefined;
  /** Never shown, and also read from the file named by `NAME_FILE`. */
  readonly secret: boolean;
}

/** The variables of one concern and what they mean together. Services put fragments together with `defineEnv`. */
export interface EnvFragment<T> {
  readonly variables: readonly Variable<unknown>[];
  /** `values` by the variable's name; absent = not set. */
  read(values: Readonly<Record<string, unknown>>, faults: Fault[]): T;
}

type Values<V> = {
  readonly [K in keyof V]: V[K] extends Variable<infer T> & { fallback: infer F }
    ? T | (undefined extends F ? undefined : never)
    : never;
};

export function variable<T>(name: string, kind: Kind<T>, meaning: string, fallback: T): Variable<T> & { fallback: T };
export function variable<T>(name: string, kind: Kind<T>, meaning: string): Variable<T> & { fallback: undefined };
export function variable<T>(name: string, kind: Kind<T>, meaning: string, fallback?: T): Variable<T> {
  return Object.freeze({ name, kind, meaning, fallback, secret: false });
}

/** A variable that is never shown; `NAME_FILE` may name a file that holds it. */
export function secretVariable(
  name: string,
  kind: Kind<string>,
  meaning: string,
): Variable<string> & { fallback: undefined } {
  return Object.freeze({ name, kind, meaning, fallback: undefined, secret: true });
}

/**
 * Makes a fragment: variables by a key of their own, and how they combine. `combine` may report what only shows when variables are
 * seen together; whatever it returns then is dropped.
 */
export function fragment<V extends Record<string, Variable<unknown>>, T = Values<V>>(
  variables: V,
  combine?: (values: Values<V>, faults: Fault[]) => T,
): EnvFragment<T> {
  return Object.freeze({
    variables: Object.values(variables),
    read(byName: Readonly<Record<string, unknown>>, faults: Fault[]): T {
      const values = Object.fromEntries(
        Object.entries(variables).map(([key, { name, fallback }]) => [key, byName[name] ?? fallback]),
      );
      return combine ? combine(values as Values<V>, faults) : (values as T);
    },
  });
}
