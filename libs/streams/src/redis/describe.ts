import type { RedisSettings } from '@wagehood/config';
import { redisFault } from './errors';

/** Where Redis is, without secrets. */
export function describeTarget(settings: RedisSettings): string {
  if (settings.cluster?.length) return settings.cluster.map(({ host, port }) => `${host}:${port}`).join(',');
  if (settings.sentinels?.length) return `sentinel ${settings.sentinelName ?? 'mymaster'}`;
  return settings.url ? settings.url.replace(/\/\/[^/]*@/, '//***@') : `${settings.host}:${settings.port}`;
}

/** What goes wrong while connecting, and where to look: pattern of the cause, what it means, what to check. */
const causes: readonly (readonly [RegExp, (cause: string) => string])[] = [
  [
    /self.signed|unable to (verify|get)|certificate has expired|altnames|signature failure|not yet valid/i,
    (cause) => `has a certificate that we do not trust (${cause}); check REDIS_TLS_CA`,
  ],
  [
    /certificate required|bad certificate|unknown ca/i,
    (cause) => `wants another certificate of ours (${cause}); check REDIS_TLS_CERT and REDIS_TLS_KEY`,
  ],
  [/cluster support disabled/, (cause) => `is no cluster (${cause}); use REDIS_URL instead of REDIS_CLUSTER_NODES`],
  [/No such master/, () => 'is not known to the sentinels; check REDIS_SENTINEL_NAME'],
];

/** An error of a connection as one line for the user. */
export function describeFault(error: Error, settings: RedisSettings): string {
  const target = `Redis at ${describeTarget(settings)}`;
  const cause = causeOf(error);
  if (/^no sentinel answers: (WRONGPASS|NOAUTH)/.test(cause))
    return `${target}: ${cause}; check REDIS_SENTINEL_USERNAME and REDIS_SENTINEL_PASSWORD`;
  if (redisFault(cause) === 'denied')
    return `${target} refuses our credentials (${cause}); check REDIS_USERNAME and REDIS_PASSWORD`;
  // A plain server waits for the end of what it takes for a command.
  if (settings.tls && /ETIMEDOUT|wrong version number/.test(cause))
    return `${target} does not answer to TLS (${cause}); check REDIS_TLS and the port`;
  if (settings.tls && /ECONNRESET|EPIPE/.test(cause))
    return `${target} ends the TLS connection (${cause}); if it wants a certificate of ours, check REDIS_TLS_CERT and REDIS_TLS_KEY`;
  const known = causes.find(([pattern]) => pattern.test(cause));
  return known ? `${target} ${known[1](cause)}` : `${target} cannot be reached (${cause}); retrying`;
}

/** A reply that says that this client cannot do its work as it is configured; null for every other. */
export function describeComplaint(error: Error, settings: RedisSettings): string | null {
  const target = `Redis at ${describeTarget(settings)}`;
  const { message } = error;
  if (/^NOPERM|The user executing the script can't/.test(message))
    return `${target} does not allow our user what it needs (${message}); check its ACL`;
  if (/^MOVED/.test(message) && !settings.cluster?.length)
    return `${target} is part of a cluster (${message}); name its nodes in REDIS_CLUSTER_NODES`;
  return null;
}

/** ioredis hides why no node of a cluster answers, and OpenSSL says it in many words. */
function causeOf(error: Error): string {
  const { lastNodeError } = error as Error & { lastNodeError?: Error };
  const { message, code } = (lastNodeError ?? error) as NodeJS.ErrnoException;
  const sentinel = /^All sentinels are unreachable(?:.*Last error: (.*))?/.exec(message);
  if (sentinel) return `no sentinel answers: ${sentinel[1] ?? message}`;
  const openssl = /SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
  return openssl ?? (message || code || 'unknown error');
}
