import { settingsSchema, type SettingsInput } from '@wagehood/config';
import type { Alert, ControlDocument, Signal } from '@wagehood/contracts';
import { logEntry, type LogEntry, type Outbox } from '@wagehood/streams';
import { createAlertProcessor } from './alert-processor';
import { sampleSignal } from './testing/sample-alert';

const document = (settings: SettingsInput, version = 1): ControlDocument => ({
  version,
  settings: settingsSchema.parse(settings),
  updatedAt: 1,
  updatedBy: 'test',
});
const entry = (offset: number, kind: string, value: unknown): LogEntry =>
  logEntry({ offset, kind, data: JSON.stringify(value), token: '1', bars: offset });

function setup() {
  const queued: Alert[][] = [];
  const out = { events: [] as Alert[], controls: [] as string[], replaying: false };
  const outbox = {
    get replaying() {
      return out.replaying;
    },
    event: (json: string) => void out.events.push(JSON.parse(json) as Alert),
    control: (json: string) => void out.controls.push(json),
    list: () => undefined,
  } as unknown as Outbox;
  const processor = createAlertProcessor({
    tag: 't',
    enqueue: async (alerts) => void queued.push(alerts.map(({ alert }) => alert)),
    fallback: () => null,
    onSettings: () => undefined,
    onAlert: () => undefined,
  });
  const fold = (log: LogEntry) => {
    for (const item of processor.decode(log)) processor.step(item, log, outbox);
  };
  return { processor, fold, out, queued };
}

const oncePerMinute = document({ alerts: { rules: [{ name: 'all', channels: ['console'], cooldown_seconds: 60 }] } });
const second = (n: number): Signal => sampleSignal({ id: `s-${n}`, emittedAt: n * 1000 });

describe('alert processor', () => {
  it('turns signals into alerts by the rules of the log, and queues them before the commit', async () => {
    const { fold, out, queued, processor } = setup();
    fold(entry(1, 'control', document({})));
    fold(entry(2, 'signal', [second(1), second(2)]));
    expect(out.controls).toHaveLength(1);
    expect(out.events.map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(queued).toEqual([]);
    await processor.effects?.();
    await processor.effects?.();
    expect(queued).toEqual([out.events]);
  });

  it('reports what a cooldown holds back, and does not deliver it', async () => {
    const { fold, out, queued, processor } = setup();
    fold(entry(1, 'control', oncePerMinute));
    fold(entry(2, 'signal', [second(1), second(30), second(61)]));
    await processor.effects?.();
    expect(out.events.map(({ status }) => status)).toEqual(['pending', 'suppressed', 'pending']);
    expect(queued.flat()).toHaveLength(2);
  });

  it('carries rules and cooldowns over to the next owner', async () => {
    const first = setup();
    first.fold(entry(1, 'control', oncePerMinute));
    first.fold(entry(2, 'signal', [second(1)]));
    const next = setup();
    for (const cell of ['#control', 'SPY'])
      next.processor.load(cell, first.processor.save(cell, 2) ?? new Uint8Array(), 2);
    next.fold(entry(3, 'signal', [second(30)]));
    expect(next.out.events.map(({ status }) => status)).toEqual(['suppressed']);
  });

  it('alerts nobody while it folds committed signals again', async () => {
    const { fold, out, queued, processor } = setup();
    out.replaying = true;
    fold(entry(1, 'control', oncePerMinute));
    fold(entry(2, 'signal', [second(1)]));
    out.replaying = false;
    fold(entry(3, 'signal', [second(30)]));
    await processor.effects?.();
    expect(queued.flat()).toEqual([]);
    expect(out.events.map(({ status }) => status)).toEqual(['suppressed']);
  });

  it('says nothing while alerts are switched off in the settings', () => {
    const { fold, out } = setup();
    fold(entry(1, 'control', document({ system: { enable_alerts: false } })));
    fold(entry(2, 'signal', [second(1)]));
    expect(out.events).toEqual([]);
  });

  it('makes an item of each element that is no signal, which fails alone', () => {
    const { processor, out } = setup();
    const log = entry(1, 'signal', [second(1), { id: 'BAD' }]);
    const items = [...processor.decode(log)];
    expect(items.map(({ kind }) => kind)).toEqual(['signal', 'fault']);
    expect(() => items.forEach((item) => processor.step(item, log, {} as Outbox))).toThrow();
    expect(processor.describe(items[1] as (typeof items)[number]).payload).toBe('{"id":"BAD"}');
    expect(out.events).toEqual([]);
  });

  it.each([
    ['signal', '{oops'],
    ['signal', '{}'],
    ['control', '{}'],
  ])('refuses an entry of kind %s that is %s', (kind, data) => {
    const { processor } = setup();
    expect(() => processor.decode({ ...entry(1, kind, null), data })).toThrow();
  });
});
