import type { Bar } from '@wagehood/market';
import { Closes } from './closes';
import type { IndicatorStep } from './define-indicator';
import { FIRST_SLOT, type IndicatorPlan, type Placement } from './plan';
import type { IndicatorInstance } from './resolve';
import { decodeState, encodeState, savedHeader } from './saved-state';

/** Told when the step of an indicator threw; its state is as before the bar and its values are NaN. */
export type OnIndicatorThrow = (instance: IndicatorInstance, error: unknown) => void;

/** All series of one plan, side by side in flat memory. */
export interface IndicatorEngine {
  readonly plan: IndicatorPlan;
  /** Starts a series and returns its handle. Handles of removed series are used again. */
  add(): number;
  /** Forgets a series. Throws when there is none under this handle. */
  remove(handle: number): void;
  /** Takes the next final bar of a series and writes one number per column to `out`, NaN where there is none yet. */
  step(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void;
  /** The state of a series, bit for bit. */
  save(handle: number): Uint8Array;
  /** Replaces the state of a series; throws when the bytes belong to another plan or are damaged. */
  load(handle: number, bytes: Uint8Array): void;
}

/** An engine with room for `capacity` series; it grows by doubling. */
export function createEngine(plan: IndicatorPlan, capacity = 16): IndicatorEngine {
  return new Engine(plan, Math.max(1, capacity));
}

interface Stage {
  readonly placement: Placement;
  readonly step: IndicatorStep;
  readonly slot: number;
  readonly column: number;
  readonly total: boolean;
}

class Engine implements IndicatorEngine {
  readonly plan: IndicatorPlan;
  private state: Float64Array;
  private readonly stages: readonly Stage[];
  private readonly closes: Closes;
  private readonly windowSlot: number;
  private readonly header: Uint8Array;
  private readonly alive: boolean[] = [];
  private readonly free: number[] = [];
  private readonly spare: Float64Array;

  constructor(plan: IndicatorPlan, capacity: number) {
    this.plan = plan;
    this.state = new Float64Array(plan.slots * capacity);
    this.stages = plan.placements.map(createStage);
    this.closes = new Closes(this.state, plan.window);
    this.windowSlot = plan.slots - plan.window;
    this.header = savedHeader(plan);
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

  step(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    const { state, closes, stages } = this;
    const base = handle * this.plan.slots;
    const head = state[base + FIRST_SLOT - 1] as number;
    const window = base + this.windowSlot;
    closes.base = window;
    closes.head = head;
    for (let i = 0; i < stages.length; i++) {
      const stage = stages[i] as Stage;
      if (stage.total) stage.step(state, base + stage.slot, bar, closes, out, stage.column);
      else this.stepGuarded(stage, base + stage.slot, bar, out, onThrow);
    }
    state[window + head] = bar.close;
    state[base + FIRST_SLOT - 1] = head + 1 === closes.size ? 0 : head + 1;
  }

  save(handle: number): Uint8Array {
    return encodeState(this.header, this.slotsOf(handle));
  }

  load(handle: number, bytes: Uint8Array): void {
    this.slotsOf(handle).set(decodeState(this.plan, bytes));
  }

  private stepGuarded(stage: Stage, at: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    const { instance, slots } = stage.placement;
    const { spare, state } = this;
    for (let i = 0; i < slots; i++) spare[i] = state[at + i] as number;
    try {
      stage.step(state, at, bar, this.closes, out, stage.column);
    } catch (error) {
      for (let i = 0; i < slots; i++) state[at + i] = spare[i] as number;
      out.fill(NaN, stage.column, stage.column + instance.definition.outputs.length);
      onThrow?.(instance, error);
    }
  }

  private slotsOf(handle: number): Float64Array {
    if (this.alive[handle] !== true) throw new Error(`no series under handle ${handle}`);
    return this.state.subarray(handle * this.plan.slots, (handle + 1) * this.plan.slots);
  }

  private grow(): void {
    const larger = new Float64Array(this.state.length * 2);
    larger.set(this.state);
    this.state = larger;
    this.closes.slots = larger;
  }
}

function createStage(placement: Placement): Stage {
  const { definition, params } = placement.instance;
  return {
    placement,
    step: definition.compile(params),
    slot: placement.slot,
    column: placement.column,
    total: definition.total === true,
  };
}
