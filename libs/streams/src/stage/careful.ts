/**
 * A bar that kills its process leaves no exception behind, only a partition whose owners die at one offset. After a few
 * such deaths the next owner walks item by item and puts on record what it is about to touch ("probe"); whoever finds a
 * probe knows the culprit, dead-letters it and goes on. Deaths needed: the threshold, then one per culprit.
 */
export interface Probe {
  readonly offset: number;
  readonly culprits: readonly number[];
  readonly current: number;
}

export const DEATHS_BEFORE_CARE = 3;
/** Entries walked with care after the suspect one: it may have been read ahead of the committed offset. */
export const CAREFUL_ENTRIES = 20;

export const formatProbe = ({ offset, culprits, current }: Probe): string =>
  `${offset}:${culprits.join(',')}:${current}`;

/** Indexes of an entry's items that are known to kill, from the probe that a dead owner left behind. */
export function culpritsOf(probe: string): { readonly offset: number; readonly culprits: readonly number[] } | null {
  const [offset, culprits, current] = probe.split(':');
  if (!offset || culprits === undefined || current === undefined) return null;
  const known = culprits === '' ? [] : culprits.split(',').map(Number);
  return { offset: Number(offset), culprits: [...known, Number(current)] };
}
