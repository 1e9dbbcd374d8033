import { createEngine, createPlan, type IndicatorInstance, type IndicatorPlan } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';

/** One indicator by itself, in an engine of its own: no state of it is ever moved to another plan. */
export class Solo {
  readonly plan: IndicatorPlan;
  readonly #engine;
  readonly #handles = new Map<string, number>();

  constructor(readonly instance: IndicatorInstance) {
    this.plan = createPlan([instance]);
    this.#engine = createEngine(this.plan);
  }

  step(series: string, bar: Bar): Float64Array {
    const values = new Float64Array(this.plan.columns.length);
    this.#engine.step(this.#handleOf(series), bar, values);
    return values;
  }

  /** Starts a series anew. */
  forget(series: string): void {
    const handle = this.#handles.get(series);
    if (handle === undefined) return;
    this.#engine.remove(handle);
    this.#handles.delete(series);
  }

  forgetAll(): void {
    for (const series of [...this.#handles.keys()]) this.forget(series);
  }

  #handleOf(series: string): number {
    let handle = this.#handles.get(series);
    if (handle === undefined) this.#handles.set(series, (handle = this.#engine.add()));
    return handle;
  }
}
