import { Socket } from 'node:net';
import type { Alert } from '@wagehood/contracts';
import { createTransport } from 'nodemailer';
import type { ChannelSettings } from '@wagehood/config';
import { defineChannel, Undeliverable, type ChannelContext } from './channel';
import { checkHost, guardedLookup } from './guarded-lookup';

type EmailSettings = Extract<ChannelSettings, { readonly type: 'email' }>;

/** Sends each alert as a mail of its own, over a connection of its own: a channel of alerts is quiet. */
export const email = defineChannel<EmailSettings>({
  type: 'email',
  create: (settings, { timeoutMs, secretOf }) => ({
    async deliver(alert, deliveryId, aborted) {
      const auth = authOf(settings, secretOf);
      const signal = AbortSignal.any([aborted, AbortSignal.timeout(timeoutMs)]);
      const connection = await connect(settings, signal);
      const { host, security, ca } = settings;
      const mailer = createTransport({
        ...{ host, connection, secure: security === 'tls', requireTLS: security === 'starttls' },
        ...{ ignoreTLS: security === 'none', tls: { ...(ca !== undefined && { ca }) } },
        ...{ greetingTimeout: timeoutMs, socketTimeout: timeoutMs, disableFileAccess: true, disableUrlAccess: true },
        ...(auth && { auth }),
      });
      try {
        judge(await mailer.sendMail(mailOf(alert, deliveryId, settings)));
      } catch (error) {
        throw signal.aborted ? new Error(`${host} took too long, or nobody waits any more`) : verdictOn(error as Error);
      } finally {
        connection.destroy();
      }
    },
  }),
});

/** Our own socket: it decides about the very address that it connects to, and ends when nobody waits any more. */
async function connect(
  { host, port, allow_private: allowPrivate }: EmailSettings,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  if (!allowPrivate) checkHost(host);
  const socket = new Socket({ signal });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect({ host, port, ...(!allowPrivate && { lookup: guardedLookup() }) }, resolve);
  });
  socket.on('error', () => undefined); // told by whoever reads from it
  return socket;
}

/** Without the password that it was told to use a channel does not try: servers lock those out who guess. */
function authOf({ username, password_env: variable }: EmailSettings, secretOf: ChannelContext['secretOf']) {
  if (username === undefined || variable === undefined) return null;
  const pass = secretOf(variable);
  if (pass === undefined) throw new Error(`${variable} is not set in the environment of alerting`);
  return { user: username, pass };
}

function mailOf(alert: Alert, deliveryId: string, { from, to }: EmailSettings) {
  const { rule, severity, title, createdAt, signal, system } = alert;
  const about = JSON.stringify(signal ?? system ?? {}, null, 2);
  const facts = [`rule: ${rule}`, `severity: ${severity}`, `time: ${new Date(createdAt).toISOString()}`];
  return {
    ...{ from, to: [...to], subject: `[${severity}] ${title}` },
    text: [title, '', ...facts, '', about, ''].join('\n'),
    // The same at every attempt: a mailbox shows what comes twice as one.
    messageId: `<${deliveryId}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: { 'X-Wagehood-Delivery': deliveryId, 'Auto-Submitted': 'auto-generated' },
  };
}

/** A server may take a mail for some and refuse it for others. */
function judge({ rejected }: { readonly rejected: readonly unknown[] }): void {
  if (rejected.length > 0) throw new Undeliverable(`the mail server refuses ${rejected.length} of the recipients`);
}

/** 5xx is no for good, 4xx "not now"; the server's own words may repeat what we have told it, so they are left out. */
function verdictOn(error: Error & { code?: string; responseCode?: number }): Error {
  if (error instanceof Undeliverable) return error;
  const { code, responseCode } = error;
  if (responseCode === undefined) return new Error(`the mail could not be sent: ${code ?? error.message}`);
  const text = `the mail server answered ${responseCode}`;
  return responseCode >= 500 ? new Undeliverable(text) : new Error(text);
}
