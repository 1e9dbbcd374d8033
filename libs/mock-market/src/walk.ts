import { gauss, hashPlace } from './hash';
import { REGIME_LEVEL, REGIMES, type Regime } from './regime';

/** Milliseconds of one unit of the walk's time. */
export const UNIT_MS = 250;
/** σ of the change of the logarithm of the price over one second, in the plain regime. */
export const SIGMA_PER_SECOND = 3e-4;

/** Levels of the walk; the slowest spans 2^28 units, two years. */
const LEVELS = 28;
/** From here on (1.5 days) displacements stop growing: in the long run the price comes back. */
const GROWTH_ENDS = 19;
const SPAN = 2 ** LEVELS;
const SIGMA_PER_UNIT = SIGMA_PER_SECOND * Math.sqrt(UNIT_MS / 1000);

/** σ of the displacement at the middle of 2^(level+1) units of a Brownian path whose ends are fixed. */
const AMPLITUDES = Float64Array.from(
  { length: LEVELS },
  (_, level) => (SIGMA_PER_UNIT * Math.sqrt(2 ** (Math.min(level, GROWTH_ENDS) + 1))) / 2,
);

/** A path that exists at every moment without having been walked: `at(unit)` depends on seed and unit alone. */
export interface Walk {
  /** Logarithm of price ÷ base price at a whole number of units since the epoch. */
  at(unit: number): number;
  /** The regime at the place of the last `at`. */
  regime(): Regime;
}

/**
 * A Brownian path by Lévy's construction: between two known points the middle is their mean plus a random height, and so on
 * down. A point is 28 middles away from the ends of the span; walking forward, two middles are new per step on average.
 * (P. Lévy, Processus stochastiques et mouvement brownien, 1948, §1.)
 */
export function createWalk(seed: number): Walk {
  // Of each level: the cell that the path is in, and the path's value at the start, the middle and the end of that cell.
  const cells = new Int32Array(LEVELS).fill(-1);
  const starts = new Float64Array(LEVELS + 1);
  const middles = new Float64Array(LEVELS + 1);
  const ends = new Float64Array(LEVELS + 1);
  let span = -1;
  let spanSeed = 0;
  let regimeCell = -1;
  let regime = REGIMES[0] as Regime;

  const enterSpan = (next: number): void => {
    span = next;
    spanSeed = hashPlace(seed, 101, next);
    cells.fill(-1);
    regimeCell = -1;
  };
  const enterRegime = (cell: number): void => {
    regimeCell = cell;
    regime = REGIMES[hashPlace(spanSeed, 102, cell) % REGIMES.length] as Regime;
  };
  const enterCell = (level: number, cell: number): void => {
    cells[level] = cell;
    const right = (cell & 1) === 1 && level + 1 < LEVELS;
    const start = (right ? middles[level + 1] : starts[level + 1]) as number;
    const end = (right || level + 1 === LEVELS ? ends[level + 1] : middles[level + 1]) as number;
    const swell = level < REGIME_LEVEL ? (regime.swell[level] as number) : 1;
    const height = (AMPLITUDES[level] as number) * swell * gauss(hashPlace(spanSeed, level, cell));
    starts[level] = start;
    middles[level] = (start + end) / 2 + height;
    ends[level] = end;
  };
  return {
    at(unit) {
      const inSpan = Math.floor(unit / SPAN);
      if (inSpan !== span) enterSpan(inSpan);
      const place = unit - inSpan * SPAN;
      if (place >>> REGIME_LEVEL !== regimeCell) enterRegime(place >>> REGIME_LEVEL);
      let level = 0;
      while (level < LEVELS && cells[level] !== place >>> (level + 1)) level++;
      while (level-- > 0) enterCell(level, place >>> (level + 1));
      return ((place & 1) === 0 ? starts[0] : middles[0]) as number;
    },
    regime: () => regime,
  };
}
