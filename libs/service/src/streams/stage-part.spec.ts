import type { PartitionStatus, StageStatus, StageWorker } from '@wagehood/streams';
import { createMetrics } from '../metrics';
import { stagePart } from './stage-part';

const partition = (n: number, more: Partial<PartitionStatus> = {}): PartitionStatus => ({
  partition: n,
  epoch: 1,
  state: 'idle',
  off: 5,
  lagBars: 0,
  unsavedForMs: 0,
  ...more,
});

function setup(more: Partial<StageStatus> = {}) {
  const calls: string[] = [];
  const status = { owned: [], awaited: 0, halted: new Map(), live: [], heartbeatAgeMs: 0, stuckForMs: 0, ...more };
  const worker: StageWorker = {
    start: async () => void calls.push('start'),
    stop: async () => void calls.push('stop'),
    status: () => status,
    tune: () => undefined,
  };
  const metrics = createMetrics({ service: 'test', defaults: false });
  return { part: stagePart(worker, metrics), metrics, calls };
}

describe('a stage as a part', () => {
  it('starts and stops with its worker', async () => {
    const { part, calls } = setup();
    await part.start?.();
    await part.stop?.();
    expect(calls).toEqual(['start', 'stop']);
  });

  it.each<[string, Partial<StageStatus>, boolean, string]>([
    ['all are loaded', { owned: [partition(0), partition(1, { state: 'busy' })] }, true, '2 partitions'],
    ['there are more processes than partitions', {}, true, '0 partitions'],
    ['one loads', { owned: [partition(0), partition(1, { state: 'loading' })] }, false, 'waiting for 1 partitions'],
    ['some belong to others still', { owned: [partition(0)], awaited: 3 }, false, 'waiting for 3 partitions'],
    [
      'one needs a human',
      { owned: [partition(0)], halted: new Map([[2, 'calculation:{p2} is gone']]) },
      false,
      '1 partitions halted: calculation:{p2} is gone',
    ],
  ])('tells whether it is ready when %s', (_, status, ok, detail) => {
    expect(setup(status).part.ready?.()).toEqual({ ok, detail });
  });

  it('asks for a restart when nothing has moved for a minute while input waits', () => {
    expect(setup({ stuckForMs: 59_999 }).part.live?.().ok).toBe(true);
    expect(setup({ stuckForMs: 61_200 }).part.live?.()).toEqual({
      ok: false,
      detail: 'no progress for 61 s while input waits',
    });
  });

  it('announces its partitions, and measures them and their lag', async () => {
    const { part, metrics } = setup({
      owned: [partition(0, { lagBars: 30, unsavedForMs: 1_500 }), partition(3, { lagBars: 12, unsavedForMs: 40 })],
      awaited: 5,
      halted: new Map([[7, 'gone']]),
      heartbeatAgeMs: 250,
      stuckForMs: 3_000,
    });
    expect(part.announce?.()).toEqual({ partitions: 2 });
    const text = await metrics.text();
    const values = [...text.matchAll(/^wagehood_(\w+)\{service="test"\} (\S+)$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]);
    expect(Object.fromEntries(values)).toEqual({
      stage_partitions: 2,
      stage_awaited_partitions: 5,
      stage_halted_partitions: 1,
      stage_lag_bars: 42,
      stage_heartbeat_age_seconds: 0.25,
      stage_snapshot_age_seconds: 1.5,
      stage_stuck_seconds: 3,
    });
  });
});
