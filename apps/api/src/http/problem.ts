import type { ProblemError } from '@wagehood/contracts';

/** What else a problem may carry: members of the document beside RFC 9457's own, and response headers. */
export interface ProblemExtras {
  readonly errors?: readonly ProblemError[];
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with an HTTP status; thrown by handlers, sent as `application/problem+json` by the problem handler. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
  }

  /** The document of RFC 9457 §3. */
  body(instance: string, requestId: string): Readonly<Record<string, unknown>> {
    const { errors, members } = this.extras;
    return {
      type: `urn:wagehood:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      instance,
      requestId,
      ...(errors ? { errors } : {}),
      ...members,
    };
  }
}

export const invalidRequest = (errors: readonly ProblemError[]): Problem =>
  new Problem(
    400,
    'invalid-request',
    'The request is not valid',
    errors.map((fault) => `${fault.path}: ${fault.message}`).join('; '),
    { errors },
  );

export const invalidJson = (reason: string): Problem =>
  new Problem(400, 'invalid-json', 'The body is not JSON', reason);

export const unauthorized = (reason: string): Problem =>
  new Problem(401, 'unauthorized', 'An API key is needed', reason, {
    headers: { 'WWW-Authenticate': 'Bearer realm="wagehood"' },
  });

export const forbidden = (scope: string): Problem =>
  new Problem(403, 'forbidden', 'This API key may not do that', `this needs the scope '${scope}'`, {
    headers: { 'WWW-Authenticate': `Bearer realm="wagehood", error="insufficient_scope", scope="${scope}"` },
  });

export const unknownRoute = (method: string, path: string): Problem =>
  new Problem(404, 'unknown-route', 'There is nothing here', `${method} ${path} is not a route; see /docs for what is`);

export const unknownSymbol = (symbol: string, known: readonly string[], count: number): Problem =>
  new Problem(
    404,
    'unknown-symbol',
    'This symbol is not watched',
    `'${symbol}' is not on the watchlist${count > 0 ? `; known: ${listing(known, count)}` : ', which is empty'}`,
    { members: { symbol, known, knownCount: count } },
  );

export const unknownIndicator = (name: string, known: readonly string[]): Problem =>
  new Problem(
    404,
    'unknown-indicator',
    'This indicator is not computed',
    `'${name}' is not among the enabled indicators; known: ${listing(known, known.length)}`,
    { members: { indicator: name, known } },
  );

export const unknownStrategy = (name: string, known: readonly string[]): Problem =>
  new Problem(
    404,
    'unknown-strategy',
    'This strategy does not run',
    `'${name}' is not among the enabled strategies; known: ${listing(known, known.length)}`,
    { members: { strategy: name, known } },
  );

export const unknownTimeframe = (symbol: string, timeframe: string, known: readonly string[]): Problem =>
  new Problem(
    404,
    'unknown-timeframe',
    'This timeframe is not computed',
    `${symbol} has no ${timeframe} bars; known: ${listing(known, known.length)}`,
    { members: { symbol, timeframe, known } },
  );

export const unknownAlert = (id: string): Problem =>
  new Problem(404, 'unknown-alert', 'There is no such alert', `'${id}' is not among the newest alerts`, {
    members: { alert: id },
  });

export const unknownLetter = (id: string): Problem =>
  new Problem(404, 'unknown-dead-letter', 'There is no such dead letter', `'${id}' is not (or no longer) kept`, {
    members: { deadLetter: id },
  });

export const alertNotUndelivered = (id: string, status: string): Problem =>
  new Problem(
    409,
    'not-undelivered',
    'This alert was not given up',
    `'${id}' is ${status}; nothing is to be sent again`,
    {
      members: { alert: id, status },
    },
  );

export const methodNotAllowed = (method: string, allowed: readonly string[]): Problem =>
  new Problem(
    405,
    'method-not-allowed',
    'This method does not work here',
    `${method} is not one of ${allowed.join(', ')}`,
    {
      headers: { Allow: allowed.join(', ') },
    },
  );

export const tooLarge = (limitBytes: number): Problem =>
  new Problem(413, 'too-large', 'The body is too large', `at most ${limitBytes} bytes are accepted`);

export const unsupportedMedia = (got: string): Problem =>
  new Problem(415, 'unsupported-media-type', 'Only JSON is understood', `expected application/json, got ${got}`, {
    headers: { Accept: 'application/json' },
  });

export const tooManyRequests = (retryAfterSeconds: number, reason: string): Problem =>
  new Problem(429, 'too-many-requests', 'Slow down', `${reason}; try again in ${retryAfterSeconds} s`, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

export const unavailable = (reason: string, retryAfterSeconds = 1): Problem =>
  new Problem(503, 'unavailable', 'Not available right now', reason, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

export const internalFault = (): Problem =>
  new Problem(500, 'internal', 'Something broke on our side', 'the fault is in the log under this request id');

function listing(names: readonly string[], count: number): string {
  const more = count - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
