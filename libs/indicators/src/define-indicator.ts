import type { Bar } from '@wagehood/market';
import type { Fusion } from './quintet';
import { mismatch, type Params, type ParamSpecs } from './params';

/**
 * One bar of one series. Everything lives in one array: `state[at … at + slots)` are the indicator's own slots, all 0 when it
 * starts; `state[now]` is the close of this bar and `state[now − k]` the close k bars before it, 1 ≤ k ≤ closes(params),
 * shared by all indicators and meaningless where the series is younger. Outputs go to `out[to …]`, NaN where there is no
 * value yet. Nothing else may be written, kept or allocated.
 */
export type IndicatorStep = (
  state: Float64Array,
  at: number,
  bar: Bar,
  now: number,
  out: Float64Array,
  to: number,
) => void;

/** A frozen definition over plain state: what it is called, what it needs, and how one bar changes its slots. */
export interface IndicatorDefinition {
  /** Lower case with underscores; `sma` answers to the names `sma` and `sma_50`. */
  readonly id: string;
  readonly title: string;
  /** Raised whenever the meaning of the slots or of the numbers changes: older snapshots are then not loaded. */
  readonly revision?: number;
  readonly params: ParamSpecs;
  /** One name: the value is a number. Several: the value is a record with these names. */
  readonly outputs: readonly string[];
  /** How outputs follow a change of currency: `price` × k when prices are × k, `free` stays as it is. */
  readonly scale: 'price' | 'free';
  /** A fault that spans several parameters, or null. */
  check?(params: Params): string | null;
  /** Number of bars until every output has a value. */
  warmup(params: Params): number;
  /** Float64 slots of state per series. */
  slots(params: Params): number;
  /** How many closes before this bar's `step` reads; none by default. */
  closes?(params: Params): number;
  /** Binds the parameters once: the constants live in the closure, the state never does. */
  compile(params: Params): IndicatorStep;
  /** `step` cannot throw: the engine then needs no copy of its state. */
  readonly total?: true;
  /** The usual case of `step` is one that the engine runs fused (see `fused.ts`); builtins alone have it. */
  fusion?(params: Params): Fusion;
}

const ID = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/;

/** Checks and freezes a definition. Throws on a mistake of its author, with everything that is wrong. */
export function defineIndicator(definition: IndicatorDefinition): IndicatorDefinition {
  const faults = [...shapeFaults(definition), ...paramFaults(definition.params)];
  if (faults.length > 0) throw new Error(`indicator '${definition.id}': ${faults.join('; ')}`);
  for (const spec of Object.values(definition.params)) Object.freeze(spec);
  Object.freeze(definition.params);
  Object.freeze(definition.outputs);
  return Object.freeze(definition);
}

function shapeFaults({ id, outputs }: IndicatorDefinition): string[] {
  const faults: string[] = [];
  if (!ID.test(id)) faults.push('id must be lower_case words');
  if (outputs.length === 0) faults.push('needs an output');
  if (new Set(outputs).size !== outputs.length) faults.push('outputs must differ');
  return faults;
}

function paramFaults(params: ParamSpecs): string[] {
  return Object.entries(params).flatMap(([name, spec]) => {
    const expected = mismatch(spec, spec.default);
    return expected === null ? [] : [`default of '${name}' is ${spec.default}, expected ${expected}`];
  });
}
