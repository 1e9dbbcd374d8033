import { alertSchema } from '@wagehood/contracts';
import { freePort, until } from '@wagehood/testing';
import { startReceiver, type Receiver } from '../testing/receiver';
import { sampleAlert } from '../testing/sample-alert';
import { Undeliverable, type Channel } from './channel';
import { verifySignature } from './sign';
import { testChannelContract } from './testing/test-channel-contract';
import { webhook } from './webhook';

const SECRET = 'a-secret-of-the-desk';
const never = new AbortController().signal;

let receiver: Receiver;
let channels: Channel[] = [];

const create = (url: string, allowPrivate = true, timeoutMs = 2_000): Channel => {
  const settings = { type: 'webhook' as const, url, secret: SECRET, allow_private: allowPrivate };
  const channel = webhook.create(settings, {
    name: 'desk',
    print: () => undefined,
    secretOf: () => undefined,
    timeoutMs,
  });
  channels.push(channel);
  return channel;
};

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.answer = 200;
  receiver.headers = {};
  receiver.received.length = 0;
});
afterEach(() => {
  for (const channel of channels) channel.close?.();
  channels = [];
});

testChannelContract('webhook', {
  healthy: () => create(receiver.url),
  refusing: () => {
    receiver.answer = 410;
    return create(receiver.url);
  },
  down: async () => create(`http://127.0.0.1:${await freePort()}/`),
  received: () => receiver.received.map(({ headers }) => String(headers['x-wagehood-delivery'])),
  secrets: [SECRET],
});

describe('webhook', () => {
  it('posts the alert as JSON, signed so that the receiver can tell it is ours', async () => {
    await create(receiver.url).deliver(sampleAlert(), 'job-1', never);
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-wagehood-delivery']).toBe('job-1');
    expect(alertSchema.parse(JSON.parse(body))).toEqual(sampleAlert());
    const signature = String(headers['x-wagehood-signature']);
    expect(verifySignature(SECRET, body, signature, Date.now() / 1000)).toBe(true);
    expect(verifySignature('guess', body, signature, Date.now() / 1000)).toBe(false);
  });

  it.each([400, 401, 403, 404, 410, 422])('does not try again after %d', async (status) => {
    receiver.answer = status;
    await expect(create(receiver.url).deliver(sampleAlert(), 'j', never)).rejects.toThrow(Undeliverable);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('tries again after %d', async (status) => {
    receiver.answer = status;
    const failure = await create(receiver.url)
      .deliver(sampleAlert(), 'j', never)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(Undeliverable);
  });

  it('follows no redirect', async () => {
    const inside = await startReceiver();
    receiver.answer = 307;
    receiver.headers = { location: inside.url };
    await expect(create(receiver.url).deliver(sampleAlert(), 'j', never)).rejects.toThrow('redirects are not followed');
    expect(inside.received).toHaveLength(0);
    await inside.close();
  });

  it('waits no longer than its time for a receiver that hangs', async () => {
    receiver.answer = 'hang';
    const started = performance.now();
    await expect(create(receiver.url, true, 100).deliver(sampleAlert(), 'j', never)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('breaks off when it is told to', async () => {
    receiver.answer = 'hang';
    const abort = new AbortController();
    const delivery = create(receiver.url).deliver(sampleAlert(), 'j', abort.signal);
    const failure = expect(delivery).rejects.toThrow();
    await until(() => receiver.received.length === 1);
    abort.abort();
    await failure;
  });

  it('refuses private targets unless they are allowed, whether named or numbered', async () => {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]', '[::1]'])
      await expect(create(`http://${host}:${port}/`, false).deliver(sampleAlert(), 'j', never)).rejects.toThrow(
        'private or local address',
      );
    expect(receiver.received).toHaveLength(0);
    await create(`http://localhost:${port}/`, true).deliver(sampleAlert(), 'j', never);
    expect(receiver.received).toHaveLength(1);
  });

  it('does not lend a connection of a channel that may reach inside to one that may not', async () => {
    const { port } = new URL(receiver.url);
    await create(`http://localhost:${port}/`, true).deliver(sampleAlert(), 'j', never);
    await expect(create(`http://localhost:${port}/`, false).deliver(sampleAlert(), 'j', never)).rejects.toThrow(
      Undeliverable,
    );
  });
});
