import type { Fault } from '../fault';
import { editDistance } from '../nearest';
import type { Variable } from './fragment';
import { knownNames } from './known-names';
import type { EnvSource } from './load-env';

const firstWord = (name: string) => name.split('_')[0];

/** Long names forgive two wrong letters, short ones (`API_HOST`) one: `HEALTH_PATH` may well be somebody else's. */
const allowed = (name: string) => (name.length >= 14 ? 2 : 1);

/**
 * Variables that are almost ours. The environment belongs to everybody, so a foreign name is no fault; but one that starts with the
 * same word and misses one of ours by a letter was meant for us, and silently ignoring it would be worse than stopping.
 */
export function typoFaults(source: EnvSource, variables: readonly Variable<unknown>[]): Fault[] {
  const known = new Set([
    ...knownNames,
    ...variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  ]);
  return Object.keys(source).flatMap((name) => {
    if (known.has(name)) return [];
    const meant = [...known].find(
      (candidate) => firstWord(candidate) === firstWord(name) && editDistance(candidate, name) <= allowed(candidate),
    );
    return meant === undefined ? [] : [{ path: name, message: `is not known; did you mean ${meant}?` }];
  });
}
