import { createHash } from 'node:crypto';
import type { Settings } from '@wagehood/config';

export type Section = keyof Settings;

/** Digest of each section of the base (flags > environment > file > default) that a start worked from. */
export type BaseDigests = Readonly<Partial<Record<Section, string>>>;

export interface Merged {
  readonly settings: Settings;
  /** Sections in which `settings` differs from what is stored. */
  readonly changed: readonly Section[];
}

/**
 * Joins the base with the stored document, section by section: where the base is not what it was at the last start,
 * somebody edited it since and it wins; everywhere else changes made at run time stay.
 * @param stored null when nothing was ever stored
 * @param digests of the base that `stored` last took up; a section without one keeps what is stored
 */
export function mergeSettings(base: Settings, stored: Settings | null, digests: BaseDigests): Merged {
  const sections = Object.keys(base) as Section[];
  if (!stored) return { settings: base, changed: sections };
  const now = digestBase(base);
  const baseWins = (section: Section): boolean =>
    stored[section] === undefined || (digests[section] !== undefined && digests[section] !== now[section]);
  const settings = { ...stored, ...Object.fromEntries(sections.filter(baseWins).map((s) => [s, base[s]])) } as Settings;
  const changed = sections.filter((section) => canonicalJson(settings[section]) !== canonicalJson(stored[section]));
  return { settings, changed };
}

export function digestBase(base: Settings): BaseDigests {
  return Object.fromEntries(
    Object.entries(base).map(([section, value]) => [
      section,
      createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32),
    ]),
  );
}

/** JSON with sorted keys: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'null'
  );
}
