import type { Row } from '../row';

/** Far more than a core's own caches hold. */
const WORDS = 1 << 24;
const READS = 2_000_000;
const STEPS = 20_000_000;
const WARM_UPS = 20;
const { imul } = Math;
/** Of a linear congruential generator (Numerical Recipes): it comes by every place before it repeats one. */
const [FACTOR, SUMMAND] = [1_664_525, 1_013_904_223];

/**
 * What the machine is worth at this moment. A virtual machine's neighbours share its caches, its memory and its cores: absolute figures
 * of two runs can be compared where these are alike.
 */
export function machineRows(): Row[] {
  const memory = new Int32Array(WORDS).fill(1); // written, or all of it would be one and the same page of zeros
  const read = nsPer(READS, (reads) => readInTurn(memory, reads));
  const step = nsPer(STEPS, multiply);
  return [
    { name: 'machine: a read that is not cached', value: read, unit: 'ns' },
    { name: 'machine: a multiplication and a sum', value: step, unit: 'ns' },
  ];
}

/** Each read waits for the one before. */
function readInTurn(memory: Int32Array, reads: number): number {
  let at = 0;
  for (let i = 0; i < reads; i++) at = (imul(at, FACTOR) + SUMMAND + (memory[at] as number)) & (WORDS - 1);
  return at;
}

function multiply(steps: number): number {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (imul(x, FACTOR) + SUMMAND) | 0;
  return x;
}

/** CPU time, once the work has been compiled. */
function nsPer(times: number, work: (times: number) => number): number {
  for (let i = 0; i < WARM_UPS; i++) work(times / WARM_UPS);
  const before = process.cpuUsage();
  work(times);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / times;
}
