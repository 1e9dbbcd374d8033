import { hashText, unit } from './hash';

/** How long after the end of its bars a symbol says them, ms: each its own share of the time between two updates, so that the load is even. */
export const lagOf = (symbol: string, intervalMs: number): number => Math.floor(unit(hashText(symbol)) * intervalMs);
