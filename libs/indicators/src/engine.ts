import type { Bar } from '@wagehood/market';
import { runFused } from './fused';
import { ownSlots, type IndicatorPlan } from './plan';
import { createQuintets, fusionOf, type Quintet } from './quintet';
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
 * The slots of series h are `state[h × slots …]`; behind those of all series come their closes, so that both are dense where a
 * step goes through them. A close is appended at the series' cursor; when that reaches the end of its row, the last `window`
 * closes move to the front. So a step finds the close k bars ago at `now − k`, without a ring to go round.
 *
 * A series is cold until every fused indicator has a value, and then for ever warm: only the bars of warm series are run fused.
 *
 * Fields begin with a value of their own kind: one that was undefined at first is looked at twice whenever it is read.
 */
class Engine implements IndicatorEngine {
  readonly plan: IndicatorPlan;
  private state = new Float64Array(0);
  private capacity = 0;
  /** Where the next close of each series goes in its row; of a cold series the complement, which is negative. */
  private cursors = new Int32Array(0);
  /** Where the closes of the first series begin. */
  private closes = 0;
  private readonly slots: number = 0;
  /** Closes of a series, the room behind the window included. */
  private readonly row: number = 0;
  private readonly quintets: Quintet | null;
  private readonly fused: readonly Stage[];
  private readonly unusual = new Int32Array(0);
  private readonly total: readonly Stage[];
  private readonly guarded: readonly Stage[];
  /** Whether there are stages that are not fused. */
  private readonly others: boolean = false;
  private readonly alive: boolean[] = [];
  private readonly free: number[] = [];

  constructor(plan: IndicatorPlan, capacity: number) {
    const isTotal = ({ instance }: Stage) => instance.definition.total === true;
    const stages = plan.placements.map(createStage);
    this.plan = plan;
    this.capacity = capacity;
    this.slots = ownSlots(plan);
    this.row = plan.slots - this.slots;
    this.state = new Float64Array(plan.slots * capacity);
    this.cursors = new Int32Array(capacity);
    this.closes = capacity * this.slots;
    this.fused = stages.filter((stage) => fusionOf(stage) !== null);
    this.quintets = createQuintets(this.fused);
    this.unusual = new Int32Array(this.fused.length);
    this.total = stages.filter((stage) => isTotal(stage) && fusionOf(stage) === null);
    this.guarded = stages.filter((stage) => !isTotal(stage));
    this.others = this.total.length + this.guarded.length > 0;
  }

  add(): number {
    const handle = this.free.pop() ?? this.alive.length;
    if (handle === this.capacity) this.grow();
    this.alive[handle] = true;
    this.start(handle);
    return handle;
  }

  remove(handle: number): void {
    this.slotsOf(handle).fill(0);
    this.closesOf(handle).fill(0);
    this.alive[handle] = false;
    this.free.push(handle);
  }

  step(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    let cursor = this.cursors[handle] as number;
    if (cursor < 0) {
      this.stepCold(handle, bar, out, onThrow);
      return;
    }
    if (cursor === this.row) cursor = this.rewind(handle);
    this.cursors[handle] = cursor + 1;
    const state = this.state;
    const base = Math.imul(handle, this.slots);
    const now = (this.closes + Math.imul(handle, this.row) + cursor) | 0;
    state[now] = bar.close;
    const count = runFused(this.quintets, state, base, now, out, this.unusual);
    if (count > 0) this.runUnusual(count, base, bar, now, out);
    if (this.others) this.runOthers(base, bar, now, out, onThrow);
  }

  save(handle: number): Uint8Array {
    return encodeState(this.plan, this.slotsOf(handle), this.closesOf(handle), this.cursorOf(handle));
  }

  load(handle: number, bytes: Uint8Array): void {
    decodeState(this.plan, bytes, this.slotsOf(handle), this.closesOf(handle));
    this.start(handle);
  }

  private start(handle: number): void {
    this.cursors[handle] = ~this.plan.window;
  }

  /** Runs the steps of the definitions themselves. */
  private stepCold(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    let cursor = ~(this.cursors[handle] as number);
    if (cursor === this.row) cursor = this.rewind(handle);
    const base = handle * this.slots;
    const now = this.closes + handle * this.row + cursor;
    this.state[now] = bar.close;
    let ready = true;
    for (const { step, slot, column, instance } of this.fused) {
      step(this.state, base + slot, bar, now, out, column);
      for (let i = 0; i < instance.definition.outputs.length; i++) if (Number.isNaN(out[column + i])) ready = false;
    }
    this.cursors[handle] = ready ? cursor + 1 : ~(cursor + 1);
    if (this.others) this.runOthers(base, bar, now, out, onThrow);
  }

  private runUnusual(count: number, base: number, bar: Bar, now: number, out: Float64Array): void {
    for (let i = 0; i < count; i++) {
      const { step, slot, column } = this.fused[this.unusual[i] as number] as Stage;
      step(this.state, base + slot, bar, now, out, column);
    }
  }

  private runOthers(base: number, bar: Bar, now: number, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    for (const stage of this.total) stage.step(this.state, base + stage.slot, bar, now, out, stage.column);
    for (const stage of this.guarded) runGuarded(stage, this.state, base, bar, now, out, onThrow);
  }

  private rewind(handle: number): number {
    const { state, row } = this;
    const { window } = this.plan;
    const front = this.closes + handle * row;
    const distance = row - window;
    for (let i = front; i < front + window; i++) state[i] = state[i + distance] as number;
    return window;
  }

  private cursorOf(handle: number): number {
    const cursor = this.cursors[handle] as number;
    return cursor < 0 ? ~cursor : cursor;
  }

  private slotsOf(handle: number): Float64Array {
    if (this.alive[handle] !== true) throw new Error(`no series under handle ${handle}`);
    return this.state.subarray(handle * this.slots, (handle + 1) * this.slots);
  }

  private closesOf(handle: number): Float64Array {
    const front = this.closes + handle * this.row;
    return this.state.subarray(front, front + this.row);
  }

  private grow(): void {
    const { state, cursors, capacity, slots } = this;
    this.capacity = capacity * 2;
    this.state = new Float64Array(state.length * 2);
    this.state.set(state.subarray(0, capacity * slots));
    this.state.set(state.subarray(capacity * slots), this.capacity * slots);
    this.cursors = new Int32Array(this.capacity);
    this.cursors.set(cursors);
    this.closes = this.capacity * slots;
  }
}
