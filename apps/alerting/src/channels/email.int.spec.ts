import { freePort, makeCertificates, until } from '@wagehood/testing';
import type { Alert } from '@wagehood/contracts';
import { startMailServer, type MailServer, type MailServerOptions } from '../testing/mail-server';
import { sampleAlert } from '../testing/sample-alert';
import { Undeliverable, type Channel } from './channel';
import { email } from './email';
import { testChannelContract } from './testing/test-channel-contract';

const PASSWORD = 'the-password-of-the-mailbox';
const never = new AbortController().signal;

let servers: MailServer[] = [];
const start = async (options: MailServerOptions = {}): Promise<MailServer> => {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
};

interface Changes {
  readonly security?: 'starttls' | 'tls' | 'none';
  readonly host?: string;
  readonly ca?: string;
  readonly login?: boolean;
  readonly allow_private?: boolean;
  readonly timeoutMs?: number;
  readonly secretOf?: () => string | undefined;
}

const create = (port: number, changes: Changes = {}): Channel => {
  const { security = 'none', host = '127.0.0.1', ca, login = false, allow_private = true } = changes;
  const { timeoutMs = 5_000, secretOf = () => PASSWORD } = changes;
  return email.create(
    {
      ...{ type: 'email', host, port, security, allow_private, ca },
      ...{ from: 'wagehood@example.com', to: ['desk@example.com', 'second@example.com'] },
      ...(login && { username: 'wagehood', password_env: 'ALERT_SECRET_MAIL' }),
    },
    { name: 'mail', print: () => undefined, secretOf, timeoutMs },
  );
};

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const failureOf = (channel: Channel, alert: Alert = sampleAlert()): Promise<Error> =>
  channel.deliver(alert, 'delivery', never).then(
    () => Promise.reject(new Error('it was delivered')),
    (error: Error) => error,
  );

describe('over a server that takes everything', () => {
  let healthy: MailServer;
  beforeAll(async () => {
    healthy = await startMailServer();
  });
  afterAll(() => healthy.close());

  testChannelContract('email', {
    healthy: () => create(healthy.port),
    refusing: async () => create((await start({ refuses: 554 })).port),
    down: async () => create(await freePort(), { login: true }),
    received: () => healthy.mails.map(({ headers }) => headers.get('x-wagehood-delivery') ?? ''),
    secrets: [PASSWORD],
  });
});

describe('email', () => {
  it('says in the subject what happened and in the text all about it, to everybody, under one id', async () => {
    const server = await start();
    await create(server.port).deliver(sampleAlert(), 'job-1', never);
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'wagehood@example.com', to: ['desk@example.com', 'second@example.com'] });
    expect(mail?.headers.get('subject')).toBe(`[${sampleAlert().severity}] ${sampleAlert().title}`);
    expect(mail?.headers.get('message-id')).toBe('<job-1@example.com>');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.text).toContain(`rule: ${sampleAlert().rule}`);
  });

  it('lets no title write a header of its own', async () => {
    const server = await start();
    await create(server.port).deliver({ ...sampleAlert(), title: 'a\r\nBcc: all@example.com' }, 'job-1', never);
    expect(server.mails[0]?.to).toEqual(['desk@example.com', 'second@example.com']);
    expect(server.mails[0]?.headers.has('bcc')).toBe(false);
  });

  it.each([
    ['starttls', false],
    ['tls', true],
  ] as const)('encrypts and logs in: %s', async (security, secure) => {
    const { ca, server: certificate } = makeCertificates();
    const server = await start({ tls: certificate, secure, login: { username: 'wagehood', password: PASSWORD } });
    const channel = (changes: Changes) => create(server.port, { security, host: 'localhost', login: true, ...changes });
    await channel({ ca }).deliver(sampleAlert(), 'job-1', never);
    expect(server.mails).toMatchObject([{ secure: true, user: 'wagehood' }]);
    // Of somebody whom nobody vouches for it wants nothing, and it may be somebody else the next time.
    expect(await failureOf(channel({}))).not.toBeInstanceOf(Undeliverable);
    const wrong = await failureOf(channel({ ca, secretOf: () => 'wrong' }));
    expect(wrong).toBeInstanceOf(Undeliverable);
    expect(wrong.message).toBe('the mail server answered 535');
    expect(server.mails).toHaveLength(1);
  });

  it('sends nothing in the clear when it is to be encrypted', async () => {
    const server = await start();
    expect(await failureOf(create(server.port, { security: 'starttls' }))).toBeInstanceOf(Error);
    expect(server.mails).toHaveLength(0);
  });

  it('does not try without the password that it was told to use', async () => {
    const server = await start();
    const error = await failureOf(create(server.port, { login: true, secretOf: () => undefined }));
    expect(error.message).toBe('ALERT_SECRET_MAIL is not set in the environment of alerting');
    expect(error).not.toBeInstanceOf(Undeliverable);
    expect(server.connections()).toBe(0);
  });

  it('tells "not now" from "no", also when it is one of the recipients alone', async () => {
    expect(await failureOf(create((await start({ refuses: 451 })).port))).not.toBeInstanceOf(Undeliverable);
    const picky = await start({ knows: ['desk@example.com'] });
    const error = await failureOf(create(picky.port));
    expect(error).toBeInstanceOf(Undeliverable);
    expect(error.message).toBe('the mail server refuses 1 of the recipients');
  });

  it('waits no longer than its time for a server that hangs, and breaks off when it is told to', async () => {
    const server = await start({ hangs: true });
    const startedAt = performance.now();
    expect((await failureOf(create(server.port, { timeoutMs: 200 }))).message).toContain('took too long');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    const abort = new AbortController();
    const delivery = create(server.port).deliver(sampleAlert(), 'j', abort.signal);
    const failure = expect(delivery).rejects.toThrow('nobody waits any more');
    await until(() => server.connections() === 2);
    abort.abort();
    await failure;
  });

  it('refuses private targets unless they are allowed, whether named or numbered', async () => {
    const server = await start();
    for (const host of ['127.0.0.1', 'localhost', '::1'])
      expect(await failureOf(create(server.port, { host, allow_private: false }))).toBeInstanceOf(Undeliverable);
    expect(server.connections()).toBe(0);
  });
});
