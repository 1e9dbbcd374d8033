/** Closed set of ways in which talking to Redis can go wrong, told apart from the text that servers and clients send. */
export type RedisFault = 'unavailable' | 'denied' | 'full' | 'group-gone' | 'script-missing' | 'other';

const patterns: readonly (readonly [RegExp, RedisFault])[] = [
  [/^NOSCRIPT/, 'script-missing'],
  [/^(NOGROUP|UNBLOCKED)|no longer exists/, 'group-gone'],
  [
    /^(WRONGPASS|NOAUTH|NOPERM)|The user executing the script can't|invalid username-password|without any password configured/,
    'denied',
  ],
  [/\bOOM\b/, 'full'],
  [
    /ECONN|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timed out|[Cc]losed|aborted/,
    'unavailable',
  ],
  [/LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|^MOVED|^ASK /, 'unavailable'],
  [/max retries per request|Stream isn't writeable|All sentinels|Reached the max/, 'unavailable'],
  [
    /Failed to refresh slots|Too many Cluster redirections|Cluster is ended|Cluster isn't ready|startup nodes/,
    'unavailable',
  ],
];

export function redisFault(error: unknown): RedisFault {
  const text = error instanceof Error ? `${error.message}` : String(error);
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
}

/** True when the same idempotent command may be sent again. */
export const isRetriable = (error: unknown): boolean => {
  const fault = redisFault(error);
  return fault === 'unavailable' || fault === 'denied';
};

/** A condition under which a service must not start; its message is the whole explanation for the user. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
