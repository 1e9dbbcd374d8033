import type { StageEvent } from '@wagehood/streams';
import type { Logger } from '../log/logger';
import { createMetrics } from '../metrics';
import { countStageEvents } from './stage-metrics';

function setup() {
  const lines: string[] = [];
  const keep = (level: string) => (message: string, fields?: object) =>
    void lines.push(`${level} ${message} ${(fields as StageEvent | undefined)?.partition ?? ''}`.trim());
  const log: Logger = {
    debug: keep('DEBUG'),
    info: keep('INFO'),
    warn: keep('WARN'),
    error: keep('ERROR'),
    child: () => log,
  };
  const metrics = createMetrics({ service: 'test', defaults: false });
  const { onEvent } = countStageEvents(metrics, log);
  const values = async (): Promise<Record<string, number>> => {
    const samples = (await metrics.text()).matchAll(/^wagehood_stage_(\w+)\{service="test"\} (\S+)$/gm);
    return Object.fromEntries([...samples].map(([, name, value]) => [name, Number(value)]));
  };
  return { onEvent, values, lines };
}

describe('the metrics of a stage', () => {
  it('count bars, events and commits, and observe how long they took', async () => {
    const { onEvent, values, lines } = setup();
    const committed = {
      type: 'committed',
      partition: 1,
      epoch: 4,
      inputs: [],
      entries: 2,
      states: 0,
      atMicros: 9,
    } as const;
    onEvent({ ...committed, bars: 100, events: 110, tookMs: 4, latencyMs: 20, endToEndMs: 30 });
    onEvent({ ...committed, bars: 50, events: 50, tookMs: 6, latencyMs: 1_500, endToEndMs: 2_000 });
    expect(await values()).toMatchObject({
      bars_total: 150,
      events_total: 160,
      commits_total: 2,
      batch_seconds_sum: 0.01,
      batch_seconds_count: 2,
      latency_seconds_sum: 1.52,
      end_to_end_seconds_sum: 2.03,
    });
    expect(lines).toEqual([]); // this happens hundreds of times a second
  });

  it.each<[StageEvent, Record<string, number>, string[]]>([
    [{ type: 'acquired', partition: 3, epoch: 2, replayed: 7, tookMs: 5 }, { acquired_total: 1, replayed_entries_total: 7 }, ['INFO partition acquired 3']],
    [{ type: 'released', partition: 3, epoch: 2, tookMs: 5 }, {}, ['INFO partition released 3']],
    [{ type: 'fenced', partition: 3, epoch: 2 }, { fenced_total: 1 }, ['WARN partition lost to another owner 3']],
    [{ type: 'rolled-back', partition: 3, epoch: 2 }, { rolled_back_total: 1 }, ['WARN Redis went back in time; folding again 3']],
    [{ type: 'resynced', partition: 3, epoch: 2, reason: 'x' }, { resyncs_total: 1 }, ['WARN read cursor put back 3']],
    [{ type: 'back-pressured', partition: 3, epoch: 2, aheadBars: 9 }, { back_pressure_total: 1 }, ['WARN the next stage is behind; waiting 3']],
    [{ type: 'dead-letter', partition: 3, epoch: 2, symbol: 'SPY', offset: 4, origin: '1', error: 'x' }, { dead_letters_total: 1 }, ['WARN put aside as a dead letter 3']],
    [{ type: 'halted', partition: 3, epoch: 2, reason: 'x' }, { halted_total: 1 }, []], // the stage itself logs it as an error
  ])('count %j and say so', async (event, counted, said) => {
    const { onEvent, values, lines } = setup();
    onEvent(event);
    expect(await values()).toMatchObject(counted);
    expect(lines).toEqual(said);
  }); // prettier-ignore

  it('count what happens a thousand times a second, and say it once', async () => {
    const { onEvent, values, lines } = setup();
    for (let i = 0; i < 1_000; i++) onEvent({ type: 'back-pressured', partition: i % 4, epoch: 2, aheadBars: 1 });
    expect(await values()).toMatchObject({ back_pressure_total: 1_000 });
    expect(lines).toHaveLength(1);
  });
});
