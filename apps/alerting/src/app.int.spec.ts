import type { SettingsInput } from '@wagehood/config';
import type { Alert, Signal } from '@wagehood/contracts';
import { partitionTags, stageKey } from '@wagehood/streams';
import { startRedis, until as untilMet, type TestRedis, type UntilOptions } from '@wagehood/testing';
import { Queue, type ConnectionOptions } from 'bullmq';
import { verifySignature } from './channels/sign';
import { QUEUE_NAME, QUEUE_PREFIX } from './delivery-queue';
import type { WatchPace } from './system-watch';
import { startMailServer, type MailServer } from './testing/mail-server';
import { startReceiver, type Receiver } from './testing/receiver';
import { sampleAlert, sampleSignal } from './testing/sample-alert';
import { createUpstream, startAlerting, type RunningAlerting, type Upstream } from './testing/start-alerting';

jest.setTimeout(30_000);

const until = <T>(condition: () => T | Promise<T>, options: UntilOptions = {}) =>
  untilMet(condition, { timeoutMs: 15_000, ...options });

let redis: TestRedis;
let upstream: Upstream;
let receiver: Receiver;
let running: RunningAlerting[];

const signal = (n: number, overrides: Partial<Signal> = {}): Signal =>
  sampleSignal({ id: `signal-${n}`, emittedAt: 1_700_000_000_000 + n * 1000, ...overrides });

const hook = (overrides: object = {}): SettingsInput => ({
  alerts: {
    channels: { desk: { type: 'webhook', url: receiver.url, secret: 's3cret', allow_private: true, ...overrides } },
    rules: [{ name: 'all', channels: ['desk'] }],
  },
});

const start = (env: Record<string, string> = {}, pace?: WatchPace): RunningAlerting => {
  const app = startAlerting(redis.url, env, pace);
  running.push(app);
  return app;
};
const deliveryIds = () => receiver.received.map(({ headers }) => String(headers['x-wagehood-delivery']));
const said = (app: RunningAlerting, text: string) => app.lines.some(({ message }) => message.includes(text));
const firstId = 'signal-1-0189c5c38c96';

beforeEach(async () => {
  redis = await startRedis();
  upstream = createUpstream(redis.url);
  receiver = await startReceiver();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((app) => app.stop()));
  await upstream.close();
  await receiver.close();
  await redis.stop();
});

describe('alerting', () => {
  it('brings a signal to the console, to the webhook and into alert_stream', async () => {
    await upstream.configure({
      alerts: {
        channels: {
          console: { type: 'console' },
          desk: { type: 'webhook', url: receiver.url, secret: 's3cret', allow_private: true },
        },
        rules: [{ name: 'all', channels: ['console', 'desk'] }],
      },
    });
    const app = start();
    await until(() => app.ready());
    await upstream.emit(signal(1));
    await until(() => said(app, 'ALERT BUY SPY 1s at 512.3') && receiver.received.length === 1);
    const alerts = await until(async () => {
      const found = await upstream.alerts();
      return found.length === 4 && found;
    });
    expect(alerts.map(({ channel, status, attempts = 0 }) => `${channel} ${status} ${attempts}`).sort()).toEqual([
      'console delivered 1',
      'console pending 0',
      'desk delivered 1',
      'desk pending 0',
    ]);
    expect(deliveryIds()).toEqual([alerts.find(({ channel }) => channel === 'desk')?.id]);
    expect(receiver.received[0]?.headers['x-wagehood-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it('brings a signal to a mailbox, once the mail server takes it', async () => {
    const servers = [await startMailServer({ refuses: 451 })];
    const { port } = servers[0] as MailServer;
    const mail = { type: 'email' as const, host: '127.0.0.1', port, security: 'none' as const, allow_private: true };
    await upstream.configure({
      alerts: {
        channels: { post: { ...mail, from: 'wagehood@example.com', to: ['desk@example.com'] } },
        rules: [{ name: 'all', channels: ['post'] }],
      },
    });
    const app = start();
    await upstream.emit(signal(1));
    await until(() => said(app, 'delivery failed, will be tried again'));
    await servers[0]?.close();
    servers.push(await startMailServer({ port }));
    await until(async () => (await upstream.alerts()).some(({ status }) => status === 'delivered'));
    expect(servers[1]?.mails.map(({ headers }) => headers.get('subject'))).toEqual([
      expect.stringContaining('BUY SPY'),
    ]);
    await servers[1]?.close();
  });

  it('says nothing about history', async () => {
    await upstream.configure(hook());
    const app = start();
    await upstream.emit(signal(1, { backfilled: true }), signal(2));
    await until(() => receiver.received.length === 1);
    expect(new Set((await upstream.alerts()).map(({ signal: about }) => about?.id))).toEqual(new Set(['signal-2']));
    expect(said(app, 'given up')).toBe(false);
  });

  it('tries again, under the same id, until the receiver takes it', async () => {
    await upstream.configure(hook());
    receiver.answer = 503;
    const app = start();
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 2);
    receiver.answer = 200;
    await until(() => receiver.received.length === 3);
    expect(new Set(deliveryIds())).toEqual(new Set([firstId]));
    expect(said(app, 'delivery failed, will be tried again')).toBe(true);
  });

  it('gives up on a receiver that says no, and keeps what was not delivered', async () => {
    await upstream.configure(hook());
    receiver.answer = 410;
    const app = start();
    await upstream.emit(signal(1));
    await until(() => said(app, 'not delivered, given up'));
    expect(receiver.received).toHaveLength(1);
    const queue = new Queue(QUEUE_NAME, {
      connection: { path: redis.socket } as ConnectionOptions,
      prefix: QUEUE_PREFIX,
    });
    const [failed] = await queue.getFailed();
    expect(failed).toMatchObject({ id: firstId, failedReason: 'the receiver answered 410' });
    await queue.close();
  });

  it('tells what was given up and why, sends it again when asked to, and tells that it arrived', async () => {
    await upstream.configure(hook());
    receiver.answer = 410;
    start();
    await upstream.emit(signal(1), signal(2));
    const given = await until(async () => {
      const kept = await upstream.undelivered();
      return kept.length === 2 && kept;
    });
    expect(given[0]).toMatchObject({ status: 'failed', attempts: 1, reason: 'the receiver answered 410' });
    const [asked] = given.filter(({ id }) => id === firstId) as [Alert];
    receiver.answer = 200;
    await upstream.command({ action: 'resend', alerts: [asked], requestedBy: 'desk', requestedAt: Date.now() });
    await until(async () => (await upstream.undelivered()).length === 1);
    const turns = (await upstream.alerts()).filter(({ id }) => id === firstId).map(({ status }) => status);
    expect(turns.filter((status) => status !== 'pending')).toEqual(['failed', 'delivered']);
    expect(JSON.parse(receiver.received.at(-1)?.body ?? '')).not.toHaveProperty('reason');
    expect(deliveryIds().filter((id) => id === firstId)).toHaveLength(2);
  });

  it('sends again what was given up even when its job is gone, and leaves alone what has arrived', async () => {
    await upstream.configure(hook());
    start();
    const alert = sampleAlert({ id: 'signal-9' });
    const given: Alert = { ...alert, channel: 'desk', status: 'failed', attempts: 8, reason: 'was down' };
    const command = { action: 'resend' as const, alerts: [given], requestedBy: 'desk', requestedAt: Date.now() };
    await upstream.command(command);
    await until(() => receiver.received.length === 1);
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 2);
    await upstream.command(command);
    await upstream.emit(signal(2));
    await until(() => receiver.received.length === 3);
    expect(deliveryIds().filter((id) => id === alert.id)).toHaveLength(1);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ id: alert.id, status: 'pending' });
  });

  it('gives up after the last attempt', async () => {
    await upstream.configure(hook());
    receiver.answer = 500;
    const app = start({ ALERT_ATTEMPTS: '3' });
    await upstream.emit(signal(1));
    await until(() => said(app, 'not delivered, given up'));
    expect(receiver.received).toHaveLength(3);
  });

  it('delivers a signal once, also when it is processed again and after a restart', async () => {
    await upstream.configure(hook());
    const first = start();
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 1);
    await first.stop();
    start();
    await upstream.emit(signal(1)); // as after a failover that lost the commit
    await upstream.emit(signal(2));
    await until(() => receiver.received.length === 2);
    expect(deliveryIds()).toEqual([firstId, expect.stringMatching(/^signal-2-/)]);
  });

  it('goes on in another process where the first was killed, cooldowns included', async () => {
    const settings = hook();
    await upstream.configure({
      ...settings,
      alerts: { ...settings.alerts, rules: [{ name: 'all', channels: ['desk'], cooldown_seconds: 60 }] },
    });
    const first = start();
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 1);
    await first.stop();
    start();
    await upstream.emit(signal(30), signal(61));
    await until(() => receiver.received.length === 2);
    const statuses = await until(async () => {
      const alerts = (await upstream.alerts()).filter(({ status }) => status !== 'delivered');
      return alerts.length === 3 && alerts.map(({ status }) => status);
    });
    expect(statuses).toEqual(['pending', 'suppressed', 'pending']);
  });

  it('signs with a secret that only its environment holds, and sends nothing unsigned without it', async () => {
    await upstream.configure(hook({ secret: undefined, secret_env: 'ALERT_SECRET_DESK' }));
    const without = start();
    await upstream.emit(signal(1));
    await until(() =>
      without.lines.some(({ fields }) => String(fields['reason']).includes('ALERT_SECRET_DESK is not set')),
    );
    expect(receiver.received).toHaveLength(0);
    await without.stop();
    const app = start({ ALERT_SECRET_DESK: 'only-here' });
    await until(() => receiver.received.length === 1);
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
    expect(verifySignature('only-here', body, String(headers['x-wagehood-signature']), Date.now() / 1000)).toBe(true);
    expect(JSON.stringify([app.lines, without.lines])).not.toContain('only-here');
    const dump = await Promise.all(['control:{control}:document'].map((key) => upstream.link.commands.hgetall(key)));
    expect(JSON.stringify(dump)).toContain('ALERT_SECRET_DESK');
    expect(JSON.stringify(dump)).not.toContain('only-here');
  });

  it('refuses a target inside our network that is not allowed', async () => {
    await upstream.configure(hook({ allow_private: false }));
    const app = start();
    await upstream.emit(signal(1));
    await until(() => said(app, 'not delivered, given up'));
    expect(receiver.received).toHaveLength(0);
  });

  it('follows changes of rules and channels', async () => {
    await upstream.configure(hook());
    const app = start();
    await until(() => app.ready());
    await upstream.configure({
      alerts: {
        channels: { console: { type: 'console' } },
        rules: [{ name: 'sells', match: { sides: ['sell'] }, channels: ['console'] }],
      },
    });
    await upstream.emit(signal(1), signal(2, { side: 'sell' }));
    await until(() => said(app, 'ALERT SELL SPY'));
    expect(said(app, 'ALERT BUY SPY')).toBe(false);
    expect(receiver.received).toHaveLength(0);
  });

  it('spares a receiver that is down, and delivers everything once it is back', async () => {
    await upstream.configure(hook());
    receiver.answer = 500;
    const app = start({ ALERT_BREAKER_MS: '300', ALERT_ATTEMPTS: '20' });
    const signals = Array.from({ length: 10 }, (_, i) => signal(i + 1));
    await upstream.emit(...signals);
    await until(() => said(app, 'breaker opened'));
    receiver.answer = 200;
    receiver.received.length = 0;
    await until(() => new Set(deliveryIds()).size === 10);
    expect(said(app, 'given up')).toBe(false);
  });

  it('sets what is no signal aside and goes on', async () => {
    await upstream.configure(hook());
    const app = start();
    await upstream.emit({ ...signal(1), confidence: 7 }, signal(2));
    await until(() => receiver.received.length === 1);
    await until(() => said(app, 'put aside as a dead letter'));
    expect(deliveryIds()).toEqual([expect.stringMatching(/^signal-2-/)]);
  });

  it('waits for the configuration and says so', async () => {
    const app = start();
    await app.started;
    expect(app.ready()).toBe(false);
    expect(app.parts.map((part) => part.ready?.().detail)).toContain(
      'waiting for the configuration (the api writes it when it starts)',
    );
  });

  it('says what is wrong with a receiver that refuses everything, and does not flood the log', async () => {
    await upstream.configure(hook());
    receiver.answer = 410;
    const app = start();
    await until(() => app.ready());
    await upstream.emit(...Array.from({ length: 200 }, (_, n) => signal(n)));
    await until(async () => (await upstream.undelivered()).length === 200);
    const lines = app.lines.filter(({ message }) => message.startsWith('not delivered, given up'));
    expect(lines.length).toBeLessThanOrEqual(3); // one, and one more for each ten seconds that this took
    expect(lines[0]?.fields).toMatchObject({ channel: 'desk', reason: 'the receiver answered 410' });
  });

  it('says once that Redis is away, and where it should be, however long and busy', async () => {
    const lost = await startRedis();
    const source = createUpstream(lost.url);
    const app = startAlerting(lost.url);
    running.push(app);
    await source.configure(hook());
    await until(() => app.ready());
    receiver.answer = 503;
    await source.emit(...Array.from({ length: 50 }, (_, n) => signal(n, { symbol: `S${n}` })));
    await until(() => receiver.received.length > 0);
    const before = app.lines.length;
    await lost.kill();
    const until4s = performance.now() + 4_000;
    await until(() => performance.now() > until4s);
    const lines = app.lines.slice(before).map(({ message }) => message);
    expect(lines.filter((line) => /^Redis at .* cannot be reached/.test(line)).length).toBeGreaterThanOrEqual(1);
    expect(lines.length).toBeLessThanOrEqual(12);
    await lost.restart();
    await app.stop();
    await source.close();
    await lost.stop();
  });

  const watching = (overrides: object = {}): SettingsInput => ({
    alerts: {
      channels: { desk: { type: 'webhook', url: receiver.url, allow_private: true } },
      rules: [{ name: 'operations', on: 'system', severity: 'critical', channels: ['desk'], ...overrides }],
    },
  });
  const codes = async () => (await upstream.alerts()).map(({ system, status }) => `${system?.code} ${status}`);

  it('alerts of gaps and dead letters that stand in the log, once, also when it is processed by another', async () => {
    await upstream.configure(watching());
    const first = start();
    await until(() => first.ready());
    const gap = { symbol: 'SPY', timeframe: '1m', from: 0, to: 60_000, reason: 'no history' };
    const letter = { id: 'dead_letter-1', code: 'dead_letter', subject: 'calculation sma_50', detail: 'boom' };
    await upstream.forward('SPY', 'gap', gap);
    await upstream.forward('SPY', 'gap', gap); // sent again after an answer that never came
    await upstream.forward('QQQ', 'system', [letter]);
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 2);
    await first.stop();
    const second = start();
    await until(() => second.ready());
    await upstream.forward('QQQ', 'system', [{ ...letter, id: 'dead_letter-2' }]);
    await until(() => receiver.received.length === 3);
    expect(new Set(deliveryIds()).size).toBe(3);
    expect((await codes()).filter((code) => code.endsWith('pending')).sort()).toEqual([
      'data_gap pending',
      'dead_letter pending',
      'dead_letter pending',
    ]);
  });

  it('sees that nobody feeds or owns the stages before it, and tells it once, however many look and die', async () => {
    await upstream.configure(watching({ match: { events: ['stage_unowned'] } }));
    for (const tag of partitionTags(4)) await upstream.link.commands.hset(stageKey('strategy', tag), 'epoch', 1);
    const first = start({}, { everyMs: 50, unownedMs: 300 });
    start({}, { everyMs: 50, unownedMs: 300 });
    const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as Alert).system?.subject).sort();
    await until(() => receiver.received.length === 3);
    await first.stop();
    start({}, { everyMs: 50, unownedMs: 300 });
    await upstream.emit(signal(1));
    await until(async () => (await upstream.alerts()).filter(({ status }) => status === 'delivered').length === 3);
    expect(told()).toEqual(['calculation', 'ingestion', 'strategy']);
  });

  it('idles when alerts are switched off, waited for by nobody; on again it begins with what comes then', async () => {
    await upstream.configure(hook());
    await upstream.emit(signal(1));
    const idle = start({ ENABLE_ALERTS: 'false' });
    await idle.started;
    expect(idle.parts.at(-1)?.ready?.().detail).toBe('disabled (ENABLE_ALERTS=false): no rules are evaluated');
    await until(() => said(idle, 'the strategy stage does not wait for this one'));
    await idle.stop();
    const app = start();
    await until(() => app.ready());
    await upstream.emit(signal(2));
    await until(() => receiver.received.length === 1);
    expect(new Set((await upstream.alerts()).map(({ signal: about }) => about?.id))).toEqual(new Set(['signal-2']));
  });

  it('stops in time while a receiver hangs, and delivers after the next start', async () => {
    await upstream.configure(hook());
    receiver.answer = 'hang';
    const app = start();
    await upstream.emit(signal(1));
    await until(() => receiver.received.length === 1);
    const stopping = performance.now();
    await app.stop();
    expect(performance.now() - stopping).toBeLessThan(4_000);
    receiver.answer = 200;
    start();
    await until(() => receiver.received.length === 2);
    expect(new Set(deliveryIds())).toEqual(new Set([firstId]));
  });

  it('loses no alert when Redis is restarted', async () => {
    const durable = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const evaluator = createUpstream(durable.url);
    try {
      await evaluator.configure(hook());
      const app = startAlerting(durable.url);
      running.push(app);
      await evaluator.emit(signal(1));
      await until(() => receiver.received.length === 1);
      await durable.kill();
      await durable.restart();
      await evaluator.emit(signal(2), signal(3));
      await until(() => new Set(deliveryIds()).size === 3);
      await app.stop();
    } finally {
      await evaluator.close();
      await durable.stop();
    }
  });
});
