import type { Bar } from '@wagehood/market';
import type { IndicatorStep } from './define-indicator';
import type { Placement } from './plan';
import type { IndicatorInstance } from './resolve';

/** Told when the step of an indicator threw; its state is as before the bar and its values are NaN. */
export type OnIndicatorThrow = (instance: IndicatorInstance, error: unknown) => void;

/** An instance that is ready to run: its compiled step and its place. */
export interface Stage {
  readonly instance: IndicatorInstance;
  readonly step: IndicatorStep;
  readonly slot: number;
  readonly slots: number;
  readonly column: number;
}

export function createStage({ instance, slot, slots, column }: Placement): Stage {
  return { instance, step: instance.definition.compile(instance.params), slot, slots, column };
}

/**
 * Runs up to eight stages that cannot throw. Written out, because V8 gathers call targets by place in the text: as long as a
 * process has one plan, each place sees one step and inlines it (a loop has one place for all and calls: 72 against 28 ns).
 */
export function runEight(
  stages: readonly Stage[],
  first: number,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
): void {
  const count = stages.length - first;
  let stage = stages[first] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 1) return;
  stage = stages[first + 1] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 2) return;
  stage = stages[first + 2] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 3) return;
  stage = stages[first + 3] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 4) return;
  stage = stages[first + 4] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 5) return;
  stage = stages[first + 5] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 6) return;
  stage = stages[first + 6] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
  if (count === 7) return;
  stage = stages[first + 7] as Stage;
  stage.step(state, base + stage.slot, bar, now, out, stage.column);
}

/** Runs a stage that may throw: then its slots are restored, its values are NaN, and the others do not notice. */
export function runGuarded(
  stage: Stage,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
  onThrow: OnIndicatorThrow | undefined,
): void {
  const at = base + stage.slot;
  const before = state.slice(at, at + stage.slots);
  try {
    stage.step(state, at, bar, now, out, stage.column);
  } catch (error) {
    state.set(before, at);
    out.fill(NaN, stage.column, stage.column + stage.instance.definition.outputs.length);
    onThrow?.(stage.instance, error);
  }
}
