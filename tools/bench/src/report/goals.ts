import type { Row } from '../row';

/** What a figure is meant to reach; the table says whether it does. */
export interface Goal {
  readonly text: string;
  readonly met: (row: Row) => boolean;
}

export const ratioAtLeast = (least: number): Goal => ({
  text: `≥ ${least}×`,
  met: ({ ratio }) => (ratio ?? 0) >= least,
});

export const ratioAtMost = (most: number): Goal => ({
  text: `≤ ${most}×`,
  met: ({ ratio }) => (ratio ?? Infinity) <= most,
});

/** Costs as much as the baseline, but for a share of it. */
export const ratioWithin = (share: number): Goal => ({
  text: `± ${share * 100} %`,
  met: ({ ratio }) => Math.abs((ratio ?? Infinity) - 1) <= share,
});

export const below = (limit: number): Goal => ({ text: `< ${limit}`, met: ({ value }) => value < limit });

export const atMost = (limit: number): Goal => ({ text: `≤ ${limit}`, met: ({ value }) => value <= limit });

export const atLeast = (least: number): Goal => ({
  text: `≥ ${least.toLocaleString('en')}`,
  met: ({ value }) => value >= least,
});
