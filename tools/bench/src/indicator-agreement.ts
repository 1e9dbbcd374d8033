import type { Bar } from '@wagehood/market';
import type { Contender } from './indicator-contender';

/** Bars before values are compared: by then the libraries' differently seeded averages have met ours. */
const SETTLED = 2_000;
const COMPARED = 1_000;

/**
 * Throws unless the contender computes what ours does, within `tolerance` × price. `rsiTolerance` is in points: technicalindicators
 * rounds its RSI to two decimals. Nobody is timed before this holds.
 */
export function assertAgreement(
  ours: Contender,
  other: Contender,
  bars: readonly Bar[],
  tolerance: number,
  rsiTolerance: number,
): void {
  ours.run(bars, 0, SETTLED);
  other.run(bars, 0, SETTLED);
  for (let at = SETTLED; at < SETTLED + COMPARED; at++) {
    ours.run(bars, at, 1);
    other.run(bars, at, 1);
    ours.out.forEach((value, i) => {
      const allowed = i === RSI ? rsiTolerance : tolerance * (bars[at]?.close as number);
      const found = other.out[i] as number;
      if (!(Math.abs(found - value) <= allowed))
        throw new Error(`${other.name} says ${found} at bar ${at} for value ${i}, ${ours.name} says ${value}`);
    });
  }
}

const RSI = 2;
