/** How the market behaves for a while. `swell` scales each level of the walk below the regime's own length. */
export interface Regime {
  readonly name: string;
  /** Factor on the displacement of level 0 (fastest) to REGIME_LEVEL − 1 (slowest). */
  readonly swell: readonly number[];
  readonly volume: number;
}

/** A regime lasts 2^11 units of 250 ms: 512 s. */
export const REGIME_LEVEL = 11;

/** Levels 0–4 are noise (0.5–8 s), 5–7 swings (16–64 s), 8–10 moves (2–8.5 min). */
const shape = (noise: number, swing: number, move: number): readonly number[] =>
  Object.freeze([...Array<number>(5).fill(noise), ...Array<number>(3).fill(swing), ...Array<number>(3).fill(move)]);

/** Every kind is equally likely. Bursts come with heavy volume, ranges with little. */
export const REGIMES: readonly Regime[] = Object.freeze([
  { name: 'walk', swell: shape(1, 1, 1), volume: 1 },
  { name: 'trend', swell: shape(0.8, 1, 2.4), volume: 1.1 },
  { name: 'range', swell: shape(0.8, 1.9, 0.4), volume: 0.7 },
  { name: 'burst', swell: shape(2.2, 2.2, 1.5), volume: 2.5 },
]);
