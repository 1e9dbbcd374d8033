import { num } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { Candidate, Decision, StrategyInstance, StrategyStep } from './definition';
import { COUNT_SLOTS, type StrategyPlacement, type StrategyPlan } from './plan';
import { decodeState, encodeState } from './saved-state';
import { weigh } from './weigh';

/** Told of every decision that reaches the least confidence of its strategy. */
export type OnDecision = (instance: StrategyInstance, decision: Decision) => void;

/** Told when the step of a strategy threw; its state is as before the bar. */
export type OnStrategyThrow = (instance: StrategyInstance, error: unknown) => void;

/** All series of one plan, side by side in flat memory. */
export interface StrategyEngine {
  readonly plan: StrategyPlan;
  /** Starts a series and returns its handle. Handles of removed series are used again. */
  add(): number;
  /** Forgets a series. Throws when there is none under this handle. */
  remove(handle: number): void;
  /** Takes the next final bar of a series with its indicator values, one per column that the plan was made for, NaN = null. */
  step(handle: number, bar: Bar, values: Float64Array, emit: OnDecision, onThrow?: OnStrategyThrow): void;
  /** The state of a series, bit for bit. */
  save(handle: number): Uint8Array;
  /** Replaces the state of a series; throws when the bytes belong to another plan or are damaged. */
  load(handle: number, bytes: Uint8Array): void;
}

/** An engine with room for `capacity` series; it grows by doubling. */
export function createStrategyEngine(plan: StrategyPlan, capacity = 16): StrategyEngine {
  return new Engine(plan, Math.max(1, capacity));
}

interface Stage {
  readonly placement: StrategyPlacement;
  readonly step: StrategyStep;
  readonly slot: number;
  readonly slots: number;
  readonly columns: readonly number[];
  readonly measures: readonly number[];
  /** Gathered anew for every bar. */
  readonly inputs: Float64Array;
  readonly warmup: number;
  readonly minConfidence: number;
  readonly total: boolean;
}

/** Fields begin with a value of their own kind: one that was undefined at first is looked at twice whenever it is read. */
class Engine implements StrategyEngine {
  readonly plan: StrategyPlan;
  private state = new Float64Array(0);
  private readonly stages: readonly Stage[] = [];
  private readonly slots: number = 0;
  private readonly measured = new Float64Array(0);
  private readonly alive: boolean[] = [];
  private readonly free: number[] = [];
  private readonly spare = new Float64Array(0);

  constructor(plan: StrategyPlan, capacity: number) {
    this.plan = plan;
    this.slots = plan.slots;
    this.state = new Float64Array(plan.slots * capacity);
    this.stages = plan.placements.map(createStage);
    this.measured = new Float64Array(plan.measureColumns);
    this.spare = new Float64Array(Math.max(0, ...plan.placements.map(({ slots }) => slots)));
  }

  add(): number {
    const handle = this.free.pop() ?? this.alive.length;
    this.alive[handle] = true;
    if ((handle + 1) * this.plan.slots > this.state.length) this.grow();
    return handle;
  }

  remove(handle: number): void {
    this.slotsOf(handle).fill(0);
    this.alive[handle] = false;
    this.free.push(handle);
  }

  step(handle: number, bar: Bar, values: Float64Array, emit: OnDecision, onThrow?: OnStrategyThrow): void {
    const base = Math.imul(handle, this.slots);
    const { measures } = this.plan;
    for (let i = 0; i < measures.length; i++) {
      const { measure, slot, column } = measures[i] as (typeof measures)[number];
      measure.step(this.state, base + slot, bar, this.measured, column);
    }
    for (let i = 0; i < this.stages.length; i++) {
      const stage = this.stages[i] as Stage;
      if (!gather(stage, values, this.measured)) continue;
      const decision = this.decide(stage, base + stage.slot, bar, onThrow);
      if (decision !== null && decision.confidence >= stage.minConfidence) emit(stage.placement.instance, decision);
    }
  }

  save(handle: number): Uint8Array {
    return encodeState(this.plan, this.slotsOf(handle));
  }

  load(handle: number, bytes: Uint8Array): void {
    this.slotsOf(handle).set(decodeState(this.plan, bytes));
  }

  /** A total step needs no copy of its state: all that can fail after it is the weighing of absurd numbers. */
  private decide(stage: Stage, at: number, bar: Bar, onThrow?: OnStrategyThrow): Decision | null {
    const { state, spare } = this;
    if (!stage.total) for (let i = 0; i < stage.slots; i++) spare[i] = state[at + i] as number;
    try {
      return this.run(stage, at, bar);
    } catch (error) {
      if (!stage.total) for (let i = 0; i < stage.slots; i++) state[at + i] = spare[i] as number;
      onThrow?.(stage.placement.instance, error);
      return null;
    }
  }

  /** Before the warm-up is over a strategy learns, but what it answers does not count. */
  private run(stage: Stage, at: number, bar: Bar): Decision | null {
    const candidate: Candidate | null = stage.step(this.state, at + COUNT_SLOTS, bar, stage.inputs);
    const shown = this.state[at] as number;
    if (shown + 1 < stage.warmup) {
      this.state[at] = shown + 1;
      return null;
    }
    return candidate === null ? null : weigh(stage.placement.instance.definition, candidate);
  }

  private slotsOf(handle: number): Float64Array {
    if (this.alive[handle] !== true) throw new Error(`no series under handle ${handle}`);
    return this.state.subarray(handle * this.plan.slots, (handle + 1) * this.plan.slots);
  }

  private grow(): void {
    const larger = new Float64Array(this.state.length * 2);
    larger.set(this.state);
    this.state = larger;
  }
}

/** Collects the inputs of a strategy; false when one of them has no (finite) value on this bar. */
function gather({ inputs, columns, measures }: Stage, values: Float64Array, measured: Float64Array): boolean {
  const needed = columns.length;
  for (let i = 0; i < needed; i++) {
    const value = values[columns[i] as number] as number;
    if (value - value !== 0) return false;
    inputs[i] = value;
  }
  for (let i = 0; i < measures.length; i++) {
    const value = measured[measures[i] as number] as number;
    if (value - value !== 0) return false;
    inputs[needed + i] = value;
  }
  return true;
}

function createStage(placement: StrategyPlacement): Stage {
  const { definition, params } = placement.instance;
  return {
    placement,
    step: definition.compile(params),
    slot: placement.slot,
    slots: placement.slots,
    columns: placement.columns,
    measures: placement.measures,
    inputs: new Float64Array(placement.columns.length + placement.measures.length),
    warmup: definition.warmup(params),
    minConfidence: num(params, 'min_confidence'),
    total: definition.total === true,
  };
}
