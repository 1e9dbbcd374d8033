import { parseAlertCommand, type Alert } from '@wagehood/contracts';
import { alertCommandsKey, connectRedis, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, type TestRedis } from '@wagehood/testing';
import { runApi, type RunningApi } from './testing/run-api';
import { sampleAlert, sampleSignal } from './testing/samples';
import { createSeed } from './testing/seed';

const alert = (n: number, changes: Partial<Alert> = {}, symbol = 'SPY'): Alert => ({
  ...sampleAlert(sampleSignal({ id: `signal-${n}`, symbol, emittedAt: 1_700_000_000_000 + n * 1_000 })),
  ...changes,
});
const given = { status: 'failed' as const, attempts: 8, settledAt: 1_700_000_900_000, reason: 'it answered 503' };
const arrived = { status: 'delivered' as const, attempts: 1, settledAt: 1_700_000_800_000 };

describe('/monitor/alerts', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let api: RunningApi;

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    api = await runApi(redis.url);
    const { alerts } = createSeed(link.commands, 4);
    // Settled before the commit that tells of it has come: what is settled holds.
    await alerts('SPY', [alert(1, arrived), alert(1), alert(2), alert(3, { ...given, channel: 'desk' })]);
    await alerts('QQQ', [alert(4, { severity: 'critical' }, 'QQQ'), alert(5, { status: 'suppressed' }, 'QQQ')]);
  });
  afterAll(async () => {
    await api.stop();
    await link.close();
    await redis.stop();
  });

  const get = async (query = '') => {
    const response = await fetch(`${api.base}/monitor/alerts${query}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const ids = async (query = ''): Promise<string[]> => {
    const { body } = await get(query);
    return (body['alerts'] as { id: string }[]).map(({ id }) => id.replace('-console', ''));
  };
  const post = async (path: string, body?: unknown) => {
    const sent = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const init: RequestInit = { method: 'POST', ...(body === undefined ? {} : sent) };
    const response = await fetch(`${api.base}/monitor/alerts${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('lists alerts newest first, each once, with what became of it', async () => {
    const { body } = await get();
    const listed = body['alerts'] as Record<string, unknown>[];
    expect(listed.map(({ id, status }) => `${String(id)} ${String(status)}`)).toEqual([
      'signal-5-console suppressed',
      'signal-4-console pending',
      'signal-3-console failed',
      'signal-2-console pending',
      'signal-1-console delivered',
    ]);
    expect(listed[2]).toMatchObject({ attempts: 8, reason: 'it answered 503', settledAt: '2023-11-14T22:28:20.000Z' });
    expect(listed[0]).toMatchObject({ acknowledged: null, signal: { symbol: 'QQQ' } });
  });

  it.each([
    ['?status=failed', [3]],
    ['?status=failed,delivered', [3, 1]],
    ['?severity=critical', [4]],
    ['?channel=desk', [3]],
    ['?rule=nope', []],
    ['?symbols=qqq', [5, 4]],
    ['?start_date=2023-11-14T22:13:23Z&end_date=2023-11-14T22:13:25Z', [4, 3]],
  ])('filters %s', async (query, numbers) => {
    expect(await ids(query)).toEqual(numbers.map((n) => `signal-${n}`));
  });

  it('turns pages without losing or repeating one', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`?limit=2${cursor}`);
      seen.push(...(body['alerts'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor);
    expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => `signal-${n}-console`));
  });

  it.each(['?status=lost', '?limit=0', '?cursor=nope', '?acknowledged=maybe', '?start_date=yesterday'])(
    'refuses %s',
    async (query) => {
      expect((await get(query)).status).toBe(400);
    },
  );

  it('acknowledges, for the first one who does', async () => {
    const first = await post('/signal-2-console/acknowledge');
    expect(first.body).toMatchObject({ id: 'signal-2-console', acknowledged: { by: expect.any(String) } });
    expect((await post('/signal-2-console/acknowledge')).body).toEqual(first.body);
    expect(await ids('?acknowledged=true')).toEqual(['signal-2']);
    expect(await ids('?acknowledged=false')).toHaveLength(4);
    expect((await post('/nope/acknowledge')).status).toBe(404);
  });

  it('asks alerting to deliver again what was given up, and nothing else', async () => {
    const commands = async () => {
      const entries = await link.commands.xrange(alertCommandsKey, '-', '+');
      return entries.map(([, fields]) => parseAlertCommand(fields[3] ?? ''));
    };
    expect(await post('/signal-3-console/resend')).toEqual({
      status: 202,
      body: { requested: ['signal-3-console'] },
    });
    expect(await post('/resend', { channel: 'desk' })).toMatchObject({ body: { requested: ['signal-3-console'] } });
    expect(await post('/resend', { rule: 'nope' })).toMatchObject({ status: 202, body: { requested: [] } });
    expect((await post('/signal-1-console/resend')).status).toBe(409);
    expect((await post('/nope/resend')).status).toBe(404);
    expect((await post('/resend', { everything: true })).status).toBe(400);
    const sent = await commands();
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({ ok: true, value: { action: 'resend', alerts: [{ id: 'signal-3-console' }] } });
  });
});
