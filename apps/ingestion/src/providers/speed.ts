import type { Kind } from '@wagehood/config';

/** How fast recorded or simulated time runs. `factor` 1 = as the clock does; `steps` = time stamps per second. */
export type Speed =
  | { readonly kind: 'max' }
  | { readonly kind: 'factor'; readonly factor: number }
  | { readonly kind: 'steps'; readonly perSecond: number };

/** `realtime` | `max` | `×60` (also `x60`, `60x`, `60`) | `20/s`; null if it is none of these. */
export function parseSpeed(text: string): Speed | null {
  const speed = text.trim().toLowerCase();
  if (speed === 'max') return { kind: 'max' };
  if (speed === 'realtime') return { kind: 'factor', factor: 1 };
  const steps = /^(\d+(?:\.\d+)?)\/s$/.exec(speed);
  if (steps) return positive(steps[1], (perSecond) => ({ kind: 'steps', perSecond }));
  const factor = /^[×x]?(\d+(?:\.\d+)?)[×x]?$/.exec(speed);
  return factor ? positive(factor[1], (value) => ({ kind: 'factor', factor: value })) : null;
}

function positive(text: string | undefined, make: (value: number) => Speed): Speed | null {
  const value = Number(text);
  return value > 0 && value <= 1e9 ? make(value) : null;
}

/** How a speed is read from the environment. */
export const speed: Kind<Speed> = {
  expected: 'realtime, max, x60 or 20/s',
  parse: (text) => parseSpeed(text) ?? undefined,
};
