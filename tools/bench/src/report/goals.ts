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

/** Of the dearest and the cheapest of several figures: each lies within this share of the middle between the two. */
export const flatWithin = (share: number): Goal => ({
  text: `± ${share * 100} %`,
  met: ({ ratio }) => (ratio ?? Infinity) <= (1 + share) / (1 - share),
});

export const below = (limit: number): Goal => ({ text: `< ${limit}`, met: ({ value }) => value < limit });

export const atMost = (limit: number): Goal => ({ text: `≤ ${limit}`, met: ({ value }) => value <= limit });

export const atLeast = (least: number): Goal => ({
  text: `≥ ${least.toLocaleString('en')}`,
  met: ({ value }) => value >= least,
});
