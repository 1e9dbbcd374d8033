import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { defineChannel, Undeliverable, type ChannelContext } from './channel';
import { checkHost, guardedLookup } from './guarded-lookup';
import { postJson } from './post-json';
import { signBody } from './sign';

export interface WebhookSettings {
  readonly type: 'webhook';
  readonly url: string;
  readonly secret?: string | undefined;
  readonly secret_env?: string | undefined;
  readonly allow_private: boolean;
}

/** Answers of 4xx that may be different a moment later: timeout, too early, too many requests. */
const TRY_AGAIN = new Set([408, 425, 429]);

/** Posts each alert as JSON, signed when there is a secret. */
export const webhook = defineChannel<WebhookSettings>({
  type: 'webhook',
  create({ url: text, allow_private: allowPrivate, ...settings }, { timeoutMs, secretOf }) {
    const url = new URL(text);
    // An agent of its own: a connection that one channel may open must not be lent to a channel that may not.
    const options = { keepAlive: true, maxSockets: 10, timeout: 30_000 };
    const agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    return {
      async deliver(alert, deliveryId, signal) {
        if (!allowPrivate) checkHost(url.hostname);
        const secret = secretFor(settings, secretOf);
        const body = JSON.stringify(alert);
        const headers = {
          'user-agent': 'wagehood-alerting',
          'x-wagehood-delivery': deliveryId,
          ...(secret && { 'x-wagehood-signature': signBody(secret, body, Math.floor(Date.now() / 1000)) }),
        };
        const status = await postJson(url, body, {
          headers,
          agent,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          ...(!allowPrivate && { lookup: guardedLookup() }),
        });
        judge(status);
      },
      close: () => agent.destroy(),
    };
  },
});

/** Without the secret that it was told to use a channel sends nothing: an unsigned alert would be thrown away over there. */
function secretFor(
  { secret, secret_env: variable }: Pick<WebhookSettings, 'secret' | 'secret_env'>,
  secretOf: ChannelContext['secretOf'],
): string | undefined {
  if (variable === undefined) return secret;
  const found = secretOf(variable);
  if (found === undefined) throw new Error(`${variable} is not set in the environment of alerting`);
  return found;
}

function judge(status: number): void {
  if (status >= 200 && status < 300) return;
  const text = `the receiver answered ${status}`;
  if (status >= 300 && status < 400) throw new Undeliverable(`${text}; redirects are not followed`);
  if (status >= 400 && status < 500 && !TRY_AGAIN.has(status)) throw new Undeliverable(text);
  throw new Error(text);
}
