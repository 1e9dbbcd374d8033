import type { EnvSource, ReadText } from './load-env';

/** Only such variables can be named in the settings: who may write those must not get at the other secrets of a process. */
export const ALERT_SECRET_NAME = /^ALERT_SECRET_[A-Z0-9_]{1,64}$/;

/** Secrets that the settings name instead of holding them: `NAME`, or the text of the file that `NAME_FILE` names. */
export type NamedSecrets = (name: string) => string | undefined;

/** A file is read anew each time, so that a mounted secret may change while we run. Throws when it cannot be read. */
export function namedSecrets(source: EnvSource, readText: ReadText): NamedSecrets {
  return (name) => {
    if (!ALERT_SECRET_NAME.test(name)) return undefined;
    const path = source[`${name}_FILE`]?.trim();
    return (path ? readText(path) : source[name])?.trim() || undefined;
  };
}
