import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By name in lower case; folded lines are joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

export interface MailServerOptions {
  /** Default any free one. */
  readonly port?: number;
  /** Answers every mail with this code. */
  readonly refuses?: number;
  /** The only recipients that it takes mail for. */
  readonly knows?: readonly string[];
  /** Takes connections and says nothing. */
  readonly hangs?: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** TLS from the first byte. */
  readonly secure?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
}

/** A real SMTP server on a loopback port. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How many were ever made to it. */
  connections(): number;
  close(): Promise<void>;
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { port = 0, refuses, knows, hangs = false, tls, secure = false, login } = options;
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const no = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });
  const server = new SMTPServer({
    ...{ secure, ...tls, authOptional: login === undefined, closeTimeout: 100, disableReverseLookup: true },
    ...(tls === undefined && { hideSTARTTLS: true }),
    onConnect: (_session, done) => void (hangs || done()),
    onAuth: ({ username, password }, _session, done) =>
      username === login?.username && password === login?.password ? done(null, { user: username }) : done(no(535)),
    onRcptTo: ({ address }, _session, done) => done(knows && !knows.includes(address) ? no(550) : null),
    onData: (stream, session, done) =>
      void text(stream).then((raw) => {
        if (refuses !== undefined) return done(no(refuses));
        mails.push(mailOf(raw, session));
        done();
      }),
  });
  server.on('error', () => undefined); // a client that leaves in the middle
  server.server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function mailOf(raw: string, { envelope, secure, user }: SMTPServerSession): ReceivedMail {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])), // prettier-ignore
    text: body.join('\r\n\r\n'),
    ...{ secure, user },
  };
}
