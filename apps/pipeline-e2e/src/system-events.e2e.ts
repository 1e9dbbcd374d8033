import {
  appendRaw,
  evenSymbols,
  moreCommitted,
  openSettings,
  PARTITIONS,
  startSystem,
  type System,
} from '@wagehood/fleet';
import { alertSchema, type Alert } from '@wagehood/contracts';
import { partitionOf } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

const SYMBOLS = ['SPY', 'QQQ'];
/** Of nobody's watchlist: its bars come from this test alone. */
const STRANGER = evenSymbols(1).find((name) => partitionOf(name, PARTITIONS) === partitionOf('SPY', PARTITIONS)) ?? '';

/** Somebody who is paged by a webhook. */
async function startPager() {
  const alerts: Alert[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      alerts.push(alertSchema.parse(JSON.parse(body)) as Alert);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    alerts,
    of: (code: string) => alerts.filter(({ system }) => system?.code === code),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('what happens to the system itself', () => {
  let pager: Awaited<ReturnType<typeof startPager>>;
  let system: System;

  beforeAll(async () => {
    pager = await startPager();
    const events = ['dead_letter', 'stage_unowned'] as const;
    system = await startSystem({
      settings: {
        ...openSettings(SYMBOLS, { enable_alerts: true }),
        alerts: {
          channels: { pager: { type: 'webhook', url: pager.url, allow_private: true } },
          rules: [
            {
              name: 'operations',
              on: 'system',
              severity: 'critical',
              channels: ['pager'],
              match: { events: [...events] },
            },
          ],
        },
      },
    });
    system.start('ingestion', { MOCK_SPEED: '20/s', HISTORY_BARS: '50' });
    await system.up('calculation-worker', 'strategy-evaluator', 'alerting');
    await moreCommitted(system, 100, 'strategy');
  });
  afterAll(async () => {
    await system?.stop();
    pager.close();
  });

  it('a bar that makes no sense reaches the webhook as a dead letter, once', async () => {
    const bar = { symbol: STRANGER, timeframe: '1s', timestamp: 1_767_600_000_000, close: null };
    const places = [{ series: `${STRANGER}|1s`, previous: null, time: bar.timestamp }];
    await appendRaw(system, { symbol: STRANGER, kind: 'bar', data: JSON.stringify([bar]), bars: 1, places });
    const [alert] = await until(() => pager.of('dead_letter').length > 0 && pager.of('dead_letter'), {
      ...{ timeoutMs: 30_000, what: 'the dead letter at the webhook' },
    });
    expect(alert).toMatchObject({ rule: 'operations', channel: 'pager', severity: 'critical', status: 'pending' });
    expect(alert?.system?.detail).toContain(STRANGER);
  });

  it('a stage without workers reaches it, although no bar flows any more; the next worker ends it', async () => {
    for (const worker of system.running('calculation-worker')) await worker.kill('SIGKILL');
    const alerts = await until(() => pager.of('stage_unowned').length > 0 && pager.of('stage_unowned'), {
      ...{ timeoutMs: 60_000, what: 'the stage without workers at the webhook' },
    });
    expect(alerts[0]?.system).toMatchObject({ subject: 'calculation' });
    await system.up('calculation-worker');
    await moreCommitted(system, 100, 'strategy');
    expect(pager.alerts.map(({ system: event }) => event?.code).sort()).toEqual(['dead_letter', 'stage_unowned']);
  });
});
