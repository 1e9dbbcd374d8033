import { createEngine } from './engine';
import { createPlan, type IndicatorPlan } from './plan';
import { graftState, migrateState, newcomers, savedSize } from './saved-state';
import { expectSameBits, fold } from './testing/laws';
import { walk } from './testing/markets';
import { DEFAULT_NAMES, instanceOf, planOf } from './testing/plans';

const bars = walk(900, 6);

function stateAfter(plan: IndicatorPlan, count: number): Uint8Array {
  const engine = createEngine(plan);
  const handle = engine.add();
  fold(engine, handle, bars.slice(0, count));
  return engine.save(handle);
}

function rowsFrom(plan: IndicatorPlan, state: Uint8Array, from: number): Float64Array[] {
  const engine = createEngine(plan);
  const handle = engine.add();
  engine.load(handle, state);
  return fold(engine, handle, bars.slice(from));
}

function column(rows: readonly Float64Array[], plan: IndicatorPlan, name: string): Float64Array[] {
  const at = plan.columns.findIndex(({ indicator }) => indicator === name);
  return rows.map((row) => row.slice(at, at + 1));
}

describe('saved state', () => {
  const plan = planOf(...DEFAULT_NAMES);

  it('of the seven defaults takes at most 3 KB, in memory and saved', () => {
    expect(plan.slots * 8).toBeLessThanOrEqual(3 * 1024);
    expect(savedSize(plan)).toBeLessThanOrEqual(2 * 1024);
    expect(stateAfter(plan, 300).length).toBe(savedSize(plan));
  });

  it('is the same whether it was reached in one go or over a restart', () => {
    const engine = createEngine(plan);
    const handle = engine.add();
    engine.load(handle, stateAfter(plan, 313));
    fold(engine, handle, bars.slice(313, 700));
    expect(engine.save(handle)).toEqual(stateAfter(plan, 700));
  });

  it('of another plan is refused, and the series stays as it was', () => {
    const engine = createEngine(plan);
    const handle = engine.add();
    const before = engine.save(handle);
    expect(() => engine.load(handle, stateAfter(planOf('sma_50'), 10))).toThrow(
      `saved state is of plan '${planOf('sma_50').fingerprint}', expected plan '${plan.fingerprint}'`,
    );
    expect(() => engine.load(handle, new Uint8Array())).toThrow(/of plan ''/);
    expect(() => engine.load(handle, before.slice(0, -8))).toThrow(/has \d+ bytes, expected \d+/);
    expect(engine.save(handle)).toEqual(before);
  });

  it('is read from a Buffer that is part of a larger one', () => {
    const state = stateAfter(plan, 250);
    const packet = Buffer.concat([Buffer.from('abc'), state, Buffer.from('de')]);
    expectSameBits(rowsFrom(plan, packet.subarray(3, 3 + state.length), 250), rowsFrom(plan, state, 250));
  });
});

describe('migrated state', () => {
  const from = planOf('sma_50', 'rsi_14', 'ema_12');

  it('keeps what both plans have, bit for bit, wherever it moves', () => {
    const to = planOf('bollinger_bands', 'ema_12', 'sma_50', 'sma_200');
    const rows = rowsFrom(to, migrateState(from, stateAfter(from, 400), to), 400);
    for (const name of ['sma_50', 'ema_12'])
      expectSameBits(column(rows, to, name), column(rowsFrom(from, stateAfter(from, 400), 400), from, name));
  });

  it('starts what is new cold', () => {
    const to = planOf('sma_50', 'sma_200', 'bollinger_bands');
    const rows = rowsFrom(to, migrateState(from, stateAfter(from, 400), to), 400);
    const fresh = createEngine(to);
    const cold = fold(fresh, fresh.add(), bars.slice(400));
    for (const name of ['sma_200', 'bollinger_bands']) expectSameBits(column(rows, to, name), column(cold, to, name));
  });

  it('keeps the state of a renamed indicator, and not that of one with other parameters', () => {
    const to = createPlan([
      instanceOf('sma', { period: 50 }),
      instanceOf('rsi_14', { period: 14 }),
      instanceOf('ema_13'),
    ]);
    const rows = rowsFrom(to, migrateState(from, stateAfter(from, 400), to), 400);
    expect(rows[0]?.every((value) => !Number.isNaN(value))).toBe(false);
    expect([...(rows[0] as Float64Array)].map(Number.isNaN)).toEqual([false, false, true]);
  });

  it('to the same plan is the state itself', () => {
    const state = stateAfter(from, 123);
    expect(migrateState(from, state, from)).toEqual(state);
  });

  it('is refused when the bytes are of neither plan', () => {
    expect(() => migrateState(planOf('macd'), stateAfter(from, 10), from)).toThrow(/of plan/);
  });
});

describe('grafted state', () => {
  const from = planOf('sma_50', 'rsi_14', 'ema_12');
  const to = planOf('ema_26', 'sma_50', 'sma_200', 'rsi_14', 'ema_12');
  const moved = migrateState(from, stateAfter(from, 400), to);

  it('gives what is new a past as if it had always been there, bit for bit, and leaves the rest alone', () => {
    const added = newcomers(from, to);
    expect(added.map((id) => (JSON.parse(id) as unknown[])[0])).toEqual(['ema', 'sma']);
    const grafted = graftState(to, moved, stateAfter(to, 400), added);
    expectSameBits(rowsFrom(to, grafted, 400), rowsFrom(to, stateAfter(to, 400), 400));
  });

  it('takes nothing but what is named, and its own closes before those of the other', () => {
    const other = createEngine(to);
    const handle = other.add();
    fold(other, handle, walk(400, 7)); // another market altogether
    const grafted = graftState(to, moved, other.save(handle), newcomers(from, to));
    const rows = rowsFrom(to, grafted, 400);
    for (const name of ['sma_50', 'rsi_14', 'ema_12'])
      expectSameBits(column(rows, to, name), column(rowsFrom(to, moved, 400), to, name));
    expect(graftState(to, moved, moved, newcomers(from, to))).toEqual(moved);
  });

  it('is not needed for what finds its state: the same plan, another order, another name', () => {
    expect(newcomers(to, from)).toEqual([]);
    expect(newcomers(from, from)).toEqual([]);
    expect(newcomers(from, createPlan([instanceOf('sma', { period: 50 })]))).toEqual([]);
  });

  it('is refused when the bytes are of another plan', () => {
    expect(() => graftState(to, stateAfter(from, 10), moved, [])).toThrow(/of plan/);
    expect(() => graftState(to, moved, stateAfter(from, 10), [])).toThrow(/of plan/);
  });
});
