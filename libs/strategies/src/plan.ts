import { hashText, type Column, type IndicatorInstance } from '@wagehood/indicators';
import type { StrategyInstance } from './definition';
import type { Measure } from './measures/measure';
import { columnsOf, findNeeded, missingNeeds } from './needs';

/** Where one measure lives: its slots inside a series, its outputs inside the row of measures. */
export interface MeasurePlacement {
  readonly measure: Measure;
  readonly slot: number;
  readonly column: number;
}

/** Where one strategy lives, and where its inputs come from. */
export interface StrategyPlacement {
  readonly instance: StrategyInstance;
  /** The first slot counts the bars that the strategy was shown, up to its warm-up; its own slots follow. */
  readonly slot: number;
  /** Slots with the count. */
  readonly slots: number;
  /** Columns of the indicator values, in the order of the needs. */
  readonly columns: readonly number[];
  /** Columns of the row of measures, in the order of the definition. */
  readonly measures: readonly number[];
}

/** What is decided for every series, and where its state is kept. State of a series: the measures, then the strategies. */
export interface StrategyPlan {
  readonly instances: readonly StrategyInstance[];
  readonly measures: readonly MeasurePlacement[];
  readonly placements: readonly StrategyPlacement[];
  /** Numbers in the row of measures. */
  readonly measureColumns: number;
  /** Float64 slots per series, all included. */
  readonly slots: number;
  /** Bars of history until every strategy may decide, the warm-up of its indicators included. */
  readonly warmup: number;
  /** 16 hex digits: equal exactly when strategies, parameters, revisions and layout are. Guards saved state. */
  readonly fingerprint: string;
}

/** Slots in front of a strategy's own: the count of bars that it was shown. */
export const COUNT_SLOTS = 1;

/**
 * Lays out a plan and binds every need to columns of the indicator values. Throws with one readable text when a strategy
 * needs an indicator that is not among the instances (`missingNeeds` tells beforehand) or two share a name.
 */
export function createStrategyPlan(
  instances: readonly StrategyInstance[],
  columns: readonly Column[],
  indicators: readonly IndicatorInstance[],
): StrategyPlan {
  checkInstances(instances, indicators);
  const measures = placeMeasures(instances);
  const placements = placeStrategies(instances, columns, indicators, measures);
  return Object.freeze({
    instances: Object.freeze([...instances]),
    measures: Object.freeze(measures),
    placements: Object.freeze(placements),
    measureColumns: measures.reduce((sum, { measure }) => sum + measure.outputs, 0),
    slots: firstSlot(measures) + placements.reduce((sum, { slots }) => sum + slots, 0),
    warmup: Math.max(0, ...instances.map((instance) => warmupOf(instance, indicators))),
    fingerprint: hashText(
      JSON.stringify([
        measures.map(measureIdentity),
        placements.map(({ instance, slots }) => [allOf(instance), slots]),
      ]),
    ),
  });
}

/** What a measure's state means: placements with one identity can use each other's slots. */
export function measureIdentity({ measure }: MeasurePlacement): string {
  return JSON.stringify([measure.key, measure.slots]);
}

/** What a strategy's state means. `min_confidence` is no part of it: the engine applies it, no step ever sees its effect. */
export function strategyIdentity({ instance, slots }: StrategyPlacement): string {
  return JSON.stringify([signature(instance, (name) => name !== 'min_confidence'), slots]);
}

function allOf(instance: StrategyInstance): unknown {
  return signature(instance, () => true);
}

function signature({ definition, params }: StrategyInstance, counts: (name: string) => boolean): unknown {
  const names = Object.keys(params).filter(counts).sort();
  return [definition.id, definition.revision ?? 1, names.map((name) => [name, params[name]])];
}

function checkInstances(instances: readonly StrategyInstance[], indicators: readonly IndicatorInstance[]): void {
  const names = instances.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two strategies are called '${twice}'`);
  const missing = instances.flatMap((instance) => missingNeeds(instance, indicators));
  if (missing.length > 0) throw new Error(missing.join('; '));
}

function measuresOf({ definition, params }: StrategyInstance): readonly Measure[] {
  return definition.measures?.(params) ?? [];
}

function placeMeasures(instances: readonly StrategyInstance[]): MeasurePlacement[] {
  const distinct = new Map(instances.flatMap(measuresOf).map((measure) => [measure.key, measure]));
  let slot = 0;
  let column = 0;
  return [...distinct.values()].map((measure) => {
    const placement = Object.freeze({ measure, slot, column });
    slot += measure.slots;
    column += measure.outputs;
    return placement;
  });
}

function firstSlot(measures: readonly MeasurePlacement[]): number {
  return measures.reduce((sum, { measure }) => sum + measure.slots, 0);
}

function placeStrategies(
  instances: readonly StrategyInstance[],
  columns: readonly Column[],
  indicators: readonly IndicatorInstance[],
  measures: readonly MeasurePlacement[],
): StrategyPlacement[] {
  let slot = firstSlot(measures);
  return instances.map((instance) => {
    const { definition, params } = instance;
    const slots = COUNT_SLOTS + definition.slots(params);
    const placement = Object.freeze({
      instance,
      slot,
      slots,
      columns: definition
        .needs(params)
        .flatMap((need) => columnsOf(findNeeded(need, indicators) as IndicatorInstance, columns)),
      measures: measuresOf(instance).flatMap(({ key }) => outputsOf(key, measures)),
    });
    slot += slots;
    return placement;
  });
}

function outputsOf(key: string, measures: readonly MeasurePlacement[]): number[] {
  const found = measures.find(({ measure }) => measure.key === key) as MeasurePlacement;
  return Array.from({ length: found.measure.outputs }, (_, i) => found.column + i);
}

/** Bars of history until a strategy may decide: its slowest input first, then its own warm-up. */
function warmupOf(instance: StrategyInstance, indicators: readonly IndicatorInstance[]): number {
  const { definition, params } = instance;
  const inputs = [
    ...definition.needs(params).map((need) => {
      const { definition, params } = findNeeded(need, indicators) as IndicatorInstance;
      return definition.warmup(params);
    }),
    ...measuresOf(instance).map(({ warmup }) => warmup),
  ];
  return Math.max(1, ...inputs) + definition.warmup(params) - 1;
}
