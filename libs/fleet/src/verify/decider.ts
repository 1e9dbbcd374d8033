import { indicatorPlanOf, strategyPlanOf, type Settings } from '@wagehood/config';
import { createCatalog } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import {
  createStrategyCatalog,
  createStrategyEngine,
  graftStrategyState,
  migrateStrategyState,
  strategyNewcomers,
  strategyParts,
  type Decision,
  type StrategyEngine,
  type StrategyInstance,
} from '@wagehood/strategies';

type OnDecision = (instance: StrategyInstance, decision: Decision, reads: readonly string[]) => void;

interface Place {
  readonly handle: number;
  readonly cold: readonly string[];
}

/** All strategies of a configuration over many series, by the engine of the core; what is added has a past to see. */
export class Decider {
  #engine!: StrategyEngine;
  #reads: ReadonlyMap<StrategyInstance, readonly string[]> = new Map();
  #places = new Map<string, Place>();

  constructor(settings: Settings) {
    this.configure(settings);
  }

  configure(settings: Settings): void {
    const indicators = indicatorPlanOf(settings, createCatalog());
    const next = strategyPlanOf(settings, createStrategyCatalog(), indicators);
    const name = (at: number) => indicators.columns[at]?.indicator ?? '';
    this.#reads = new Map(next.placements.map(({ instance, columns }) => [instance, [...new Set(columns.map(name))]]));
    const before = this.#engine as StrategyEngine | undefined;
    this.#engine = createStrategyEngine(next);
    if (!before) return;
    const [parts, added] = [strategyParts(next), strategyNewcomers(before.plan, next)];
    for (const [series, { handle, cold }] of this.#places) {
      const moved = this.#engine.add();
      this.#engine.load(moved, migrateStrategyState(before.plan, before.save(handle), next));
      this.#places.set(series, { handle: moved, cold: [...cold.filter((part) => parts.includes(part)), ...added] });
    }
  }

  step(series: string, bar: Bar, values: Float64Array, onDecision: OnDecision): void {
    this.#engine.step(this.#placeOf(series).handle, bar, values, (instance, decision) =>
      onDecision(instance, decision, this.#reads.get(instance) ?? []),
    );
  }

  /** Shows a series its past: for what is cold, or for all of it. */
  warm(series: string, bars: readonly Bar[], values: readonly Float64Array[], whole: boolean): void {
    const { handle, cold } = this.#placeOf(series);
    const engine = this.#engine;
    const scratch = engine.add();
    bars.forEach((bar, i) => engine.step(scratch, bar, values[i] as Float64Array, () => undefined));
    const past = engine.save(scratch);
    engine.load(handle, whole ? past : graftStrategyState(engine.plan, engine.save(handle), past, cold));
    engine.remove(scratch);
    this.#places.set(series, { handle, cold: [] });
  }

  #placeOf(series: string): Place {
    let place = this.#places.get(series);
    if (!place) this.#places.set(series, (place = { handle: this.#engine.add(), cold: [] }));
    return place;
  }
}
