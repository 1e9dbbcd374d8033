import type { Bar } from '@wagehood/market';
import { createLanes, fusionOf, runFused, type Lanes } from './fused';
import { closesSlot, type IndicatorPlan } from './plan';
import { decodeState, encodeState } from './saved-state';
import { createStage, runGuarded, type OnIndicatorThrow, type Stage } from './stage';

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

/**
 * Series h lives in `state[h × slots …]`. Its closes are appended at its cursor; when that reaches the end of the series, the
 * last `window` of them move to the front. So a step finds the close k bars ago at `now − k`, without a ring to go round.
 */
class Engine implements IndicatorEngine {
  readonly plan: IndicatorPlan;
  private state: Float64Array;
  /** Where the next close of each series goes, relative to the series. */
  private cursors: Int32Array;
  private readonly slots: number;
  private readonly firstCursor: number;
  private readonly fused: Lanes;
  private readonly total: readonly Stage[];
  private readonly guarded: readonly Stage[];
  /** Whether there are stages that are not fused. */
  private readonly others: boolean;
  private readonly alive: boolean[] = [];
  private readonly free: number[] = [];

  constructor(plan: IndicatorPlan, capacity: number) {
    const isTotal = ({ instance }: Stage) => instance.definition.total === true;
    const stages = plan.placements.map(createStage);
    this.plan = plan;
    this.slots = plan.slots;
    this.state = new Float64Array(plan.slots * capacity);
    this.cursors = new Int32Array(capacity);
    this.firstCursor = closesSlot(plan) + plan.window;
    this.fused = createLanes(stages);
    this.total = stages.filter((stage) => isTotal(stage) && fusionOf(stage) === null);
    this.guarded = stages.filter((stage) => !isTotal(stage));
    this.others = this.total.length + this.guarded.length > 0;
  }

  add(): number {
    const handle = this.free.pop() ?? this.alive.length;
    if (handle === this.cursors.length) this.grow();
    this.alive[handle] = true;
    this.cursors[handle] = this.firstCursor;
    return handle;
  }

  remove(handle: number): void {
    this.series(handle).fill(0);
    this.alive[handle] = false;
    this.free.push(handle);
  }

  step(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    const state = this.state;
    const base = handle * this.slots;
    let cursor = this.cursors[handle] as number;
    if (cursor === this.slots) cursor = this.rewind(base);
    this.cursors[handle] = cursor + 1;
    const now = base + cursor;
    state[now] = bar.close;
    runFused(this.fused, state, base, bar, now, out);
    if (this.others) this.runOthers(base, bar, now, out, onThrow);
  }

  save(handle: number): Uint8Array {
    return encodeState(this.plan, this.series(handle), this.cursors[handle] as number);
  }

  load(handle: number, bytes: Uint8Array): void {
    decodeState(this.plan, bytes, this.series(handle));
    this.cursors[handle] = this.firstCursor;
  }

  private runOthers(base: number, bar: Bar, now: number, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    for (const stage of this.total) stage.step(this.state, base + stage.slot, bar, now, out, stage.column);
    for (const stage of this.guarded) runGuarded(stage, this.state, base, bar, now, out, onThrow);
  }

  private rewind(base: number): number {
    const { state, firstCursor } = this;
    const distance = this.slots - firstCursor;
    const end = base + firstCursor;
    for (let i = end - this.plan.window; i < end; i++) state[i] = state[i + distance] as number;
    return firstCursor;
  }

  private series(handle: number): Float64Array {
    if (this.alive[handle] !== true) throw new Error(`no series under handle ${handle}`);
    return this.state.subarray(handle * this.slots, (handle + 1) * this.slots);
  }

  private grow(): void {
    const state = new Float64Array(this.state.length * 2);
    const cursors = new Int32Array(this.cursors.length * 2);
    state.set(this.state);
    cursors.set(this.cursors);
    this.state = state;
    this.cursors = cursors;
  }
}
