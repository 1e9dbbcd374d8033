import { hashText } from './hash';
import type { IndicatorInstance } from './resolve';

/** One number among the values of a bar. `output` is null where the indicator has a single one. */
export interface Column {
  readonly indicator: string;
  readonly output: string | null;
}

/** Where one instance lives: its slots inside a series, its columns inside a row of values. */
export interface Placement {
  readonly instance: IndicatorInstance;
  readonly slot: number;
  readonly slots: number;
  readonly column: number;
}

/**
 * What is computed for every series, and where it is kept. Slots of a series: those of each instance, and the closes, oldest
 * first, with some room behind them (see `engine.ts`).
 */
export interface IndicatorPlan {
  readonly instances: readonly IndicatorInstance[];
  readonly columns: readonly Column[];
  readonly placements: readonly Placement[];
  /** Float64 slots per series, all included. */
  readonly slots: number;
  /** Closes before the current one that a step may read. */
  readonly window: number;
  /** Bars until every column has a value. */
  readonly warmup: number;
  /** 16 hex digits: equal exactly when instances, parameters, revisions and layout are. Guards saved state. */
  readonly fingerprint: string;
}

/** Slots of all instances of a series; when it is saved, its closes follow. */
export function ownSlots({ placements }: Pick<IndicatorPlan, 'placements'>): number {
  const last = placements.at(-1);
  return last === undefined ? 0 : last.slot + last.slots;
}

/** Bars until the closes are moved to the front again: often enough to be small, seldom enough to be cheap. */
function room(window: number): number {
  return Math.max(32, window >> 2);
}

/** Lays out a plan; throws when two instances share a name. */
export function createPlan(instances: readonly IndicatorInstance[]): IndicatorPlan {
  const names = instances.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two indicators are called '${twice}'`);
  const placements = place(instances);
  const window = Math.max(0, ...instances.map(({ definition, params }) => definition.closes?.(params) ?? 0));
  return Object.freeze({
    instances: Object.freeze([...instances]),
    columns: Object.freeze(instances.flatMap(columnsOf)),
    placements: Object.freeze(placements),
    slots: ownSlots({ placements }) + window + room(window),
    window,
    warmup: Math.max(0, ...instances.map(({ definition, params }) => definition.warmup(params))),
    fingerprint: hashText(JSON.stringify([window, placements.map(signature)])),
  });
}

/** What an instance's state means, whatever its name: two instances with one identity can use each other's slots. */
export function identity({ definition, params }: IndicatorInstance): string {
  const sorted = Object.keys(params).sort();
  return JSON.stringify([definition.id, definition.revision ?? 1, sorted.map((key) => [key, params[key]])]);
}

function place(instances: readonly IndicatorInstance[]): Placement[] {
  let slot = 0;
  let column = 0;
  return instances.map((instance) => {
    const slots = instance.definition.slots(instance.params);
    const placement = Object.freeze({ instance, slot, slots, column });
    slot += slots;
    column += instance.definition.outputs.length;
    return placement;
  });
}

function columnsOf({ name, definition: { outputs } }: IndicatorInstance): Column[] {
  if (outputs.length === 1) return [Object.freeze({ indicator: name, output: null })];
  return outputs.map((output) => Object.freeze({ indicator: name, output }));
}

function signature({ instance, slots }: Placement): readonly unknown[] {
  return [instance.name, identity(instance), slots, instance.definition.outputs];
}
