import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Native = (...args: number[]) => number;

/** TA-Lib itself, the C library as WebAssembly. Inputs of at most 100 000 values. */
export interface TaLib {
  /**
   * Calls a function of the C library with its parameters in its own order and returns one array per output, aligned with the
   * input: NaN before the first value.
   */
  call(
    name: string,
    inputs: readonly (readonly number[])[],
    options: readonly number[],
    outputs: number,
  ): Float64Array[];
}

const MEMORY_BASE = 1024;
const HEAP_BASE = 5_247_776;
const PAGES = 256;

/**
 * Loads the raw module of `talib-web`: its own loader cannot read a file on Node 20, and its wrapper writes one element beyond
 * its buffers.
 */
export function loadTaLib(): TaLib {
  const file = join(dirname(require.resolve('talib-web')), 'talib.wasm');
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const global = (value: number, mutable = false) => new WebAssembly.Global({ value: 'i32', mutable }, value);
  const env = {
    memory,
    __memory_base: global(MEMORY_BASE),
    __stack_pointer: global(HEAP_BASE, true),
    emscripten_resize_heap: () => 0,
  };
  const imports = { env, 'GOT.mem': { __heap_base: global(HEAP_BASE, true) } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports);
  const native = exports as unknown as Record<string, Native>;
  (native['__wasm_call_ctors'] as Native)();
  return { call: (...args) => call(native, memory, ...args) };
}

function call(
  native: Record<string, Native>,
  memory: WebAssembly.Memory,
  name: string,
  inputs: readonly (readonly number[])[],
  options: readonly number[],
  outputs: number,
): Float64Array[] {
  const [run, malloc, free] = [`TA_${name}`, 'malloc', 'free'].map((key) => native[key] as Native) as [
    Native,
    Native,
    Native,
  ];
  const length = inputs[0]?.length ?? 0;
  const reserve = () => malloc((length + 1) * 8);
  const [begin, count] = [malloc(8), malloc(8)];
  const from = inputs.map(reserve);
  const to = Array.from({ length: outputs }, reserve);
  inputs.forEach((values, i) => new Float64Array(memory.buffer, from[i], length).set(values));
  const code = run(0, length - 1, ...from, ...options, begin, count, ...to);
  if (code !== 0) throw new Error(`TA_${name} returned ${code}`);
  const [first, found] = [begin, count].map((at) => new Int32Array(memory.buffer, at, 1)[0] as number) as [
    number,
    number,
  ];
  const results = to.map((at) => {
    const aligned = new Float64Array(length).fill(NaN);
    aligned.set(new Float64Array(memory.buffer, at, found), first);
    return aligned;
  });
  for (const at of [begin, count, ...from, ...to]) free(at);
  return results;
}
