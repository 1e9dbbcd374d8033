/** Kinds of trouble with the Kubernetes API, each with a line for a human. */
export type KubernetesFaultKind = 'gone' | 'denied' | 'missing' | 'unreachable' | 'refused';

export class KubernetesFault extends Error {
  constructor(
    readonly kind: KubernetesFaultKind,
    message: string,
  ) {
    super(message);
    this.name = 'KubernetesFault';
  }
}

const KINDS: Readonly<Record<number, KubernetesFaultKind>> = {
  401: 'denied',
  403: 'denied',
  404: 'missing',
  410: 'gone',
};

/** What the client throws, or a Status object of the API, as a fault that says what was asked for. */
export function toFault(what: string, error: unknown): KubernetesFault {
  if (error instanceof KubernetesFault) return error;
  const { code, statusCode, name, body, message, cause } = Object(error) as Record<string, unknown>;
  if (name === 'TimeoutError' || name === 'AbortError')
    return new KubernetesFault('unreachable', `${what}: no answer in time`);
  const status = typeof statusCode === 'number' ? statusCode : code;
  if (typeof status === 'number') {
    const said = messageIn(body) ?? (name === undefined && typeof message === 'string' ? message : '');
    return new KubernetesFault(KINDS[status] ?? 'refused', `${what}: ${status}${said ? ` ${said}` : ''}`);
  }
  const { message: reason, code: errno } = Object(cause) as Record<string, unknown>;
  const said = [reason, errno, message].find((text) => typeof text === 'string' && text !== '') ?? String(error);
  return new KubernetesFault('unreachable', `${what}: ${String(said)}`);
}

/** The API answers with a Status object; proxies in front of it with anything. */
function messageIn(body: unknown): string | undefined {
  try {
    const status: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    const { message } = Object(status) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}
