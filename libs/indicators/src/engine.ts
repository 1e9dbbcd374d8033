import type { Bar } from '@wagehood/market';
import { closesSlot, CURSOR, type IndicatorPlan } from './plan';
import { decodeState, encodeState } from './saved-state';
import { createStage, runEight, runGuarded, type OnIndicatorThrow, type Stage } from './stage';

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
 * Series h lives in `state[h × slots …]`. Its closes are appended at the cursor; when that reaches the end of the series, the
 * last `window` of them move to the front. So a step finds the close k bars ago at `now − k`, without a ring to go round.
 */
class Engine implements IndicatorEngine {
  readonly plan: IndicatorPlan;
  private state: Float64Array;
  private readonly slots: number;
  private readonly firstCursor: number;
  private readonly total: readonly Stage[];
  private readonly guarded: readonly Stage[];
  private readonly alive: boolean[] = [];
  private readonly free: number[] = [];

  constructor(plan: IndicatorPlan, capacity: number) {
    const isTotal = ({ instance }: Stage) => instance.definition.total === true;
    const stages = plan.placements.map(createStage);
    this.plan = plan;
    this.slots = plan.slots;
    this.state = new Float64Array(plan.slots * capacity);
    this.firstCursor = closesSlot(plan) + plan.window;
    this.total = stages.filter(isTotal);
    this.guarded = stages.filter((stage) => !isTotal(stage));
  }

  add(): number {
    const handle = this.free.pop() ?? this.alive.length;
    this.alive[handle] = true;
    if ((handle + 1) * this.slots > this.state.length) this.grow();
    this.state[handle * this.slots + CURSOR] = this.firstCursor;
    return handle;
  }

  remove(handle: number): void {
    this.series(handle).fill(0);
    this.alive[handle] = false;
    this.free.push(handle);
  }

  step(handle: number, bar: Bar, out: Float64Array, onThrow?: OnIndicatorThrow): void {
    const { state, total, guarded } = this;
    const base = handle * this.slots;
    let cursor = state[base + CURSOR] as number;
    if (cursor === this.slots) cursor = this.rewind(base);
    state[base + CURSOR] = cursor + 1;
    const now = base + cursor;
    state[now] = bar.close;
    for (let first = 0; first < total.length; first += 8) runEight(total, first, state, base, bar, now, out);
    for (const stage of guarded) runGuarded(stage, state, base, bar, now, out, onThrow);
  }

  save(handle: number): Uint8Array {
    return encodeState(this.plan, this.series(handle));
  }

  load(handle: number, bytes: Uint8Array): void {
    decodeState(this.plan, bytes, this.series(handle));
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
    const larger = new Float64Array(this.state.length * 2);
    larger.set(this.state);
    this.state = larger;
  }
}
