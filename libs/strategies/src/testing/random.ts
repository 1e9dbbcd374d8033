/** A seeded source of numbers, the same on every machine: whole-number arithmetic, + − × ÷ and nothing else. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal, as the sum of twelve uniforms: never beyond ±6. */
  normal(): number;
}

/** mulberry32. Source: Tommy Ettinger, public domain. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  return { uniform, normal };
}

/** e^x as (1 + x / 2²⁰) squared twenty times: good to 1e-6 here, and equal on every engine, which Math.exp is not. */
export function exponential(x: number): number {
  let power = 1 + x / 2 ** 20;
  for (let i = 0; i < 20; i++) power *= power;
  return power;
}
