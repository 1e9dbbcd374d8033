import type { Bar } from '@wagehood/market';
import { createCatalog } from '../catalog';
import type { IndicatorDefinition } from '../define-indicator';
import { createEngine, type IndicatorEngine } from '../engine';
import { createPlan, type IndicatorPlan } from '../plan';
import { resolveIndicator } from '../resolve';

/** One law: its name as a test says it, and a check that throws when it is broken. */
export interface Law {
  readonly name: string;
  readonly check: () => void;
}

export interface IndicatorContractOptions {
  /** Parameters other than the defaults. */
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Bars for the law against drift; ten million unless said otherwise. */
  readonly enduranceBars?: number;
  /** Bars after which nothing of what came before may matter; 80 × the warm-up unless said otherwise. */
  readonly memoryBars?: number;
}

/** The definition under test, alone in a plan. */
export interface Subject {
  readonly definition: IndicatorDefinition;
  readonly options: IndicatorContractOptions;
  readonly plan: IndicatorPlan;
  readonly warmup: number;
}

export function createSubject(definition: IndicatorDefinition, options: IndicatorContractOptions): Subject {
  const resolved = resolveIndicator(createCatalog([definition]), definition.id, options.parameters ?? {});
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  const plan = createPlan([resolved.instance]);
  return { definition, options, plan, warmup: plan.warmup };
}

/** Rows of an engine over bars, one Float64Array per bar. A step that throws breaks every law. */
export function fold(engine: IndicatorEngine, handle: number, bars: readonly Bar[]): Float64Array[] {
  return bars.map((bar) => stepOnce(engine, handle, bar));
}

/** The row of one bar. */
export function stepOnce(engine: IndicatorEngine, handle: number, bar: Bar): Float64Array {
  const row = new Float64Array(engine.plan.columns.length).fill(Infinity);
  engine.step(handle, bar, row, rethrow);
  return row;
}

/** For engines under test: nothing is thrown in silence. */
export function rethrow(_instance: unknown, error: unknown): never {
  throw error;
}

/** Rows of a new engine over bars. */
export function run({ plan }: Subject, bars: readonly Bar[]): Float64Array[] {
  const engine = createEngine(plan, 1);
  return fold(engine, engine.add(), bars);
}

/** Fails unless both have the same bits. */
export function expectSameBits(actual: readonly Float64Array[], expected: readonly Float64Array[]): void {
  expect(actual.map(bitsOf)).toEqual(expected.map(bitsOf));
}

function bitsOf(row: Float64Array): string[] {
  return Array.from(
    new BigUint64Array(row.buffer, row.byteOffset, row.length),
    (bits, i) => `${row[i]} ${bits.toString(16)}`,
  );
}
