import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly lookup?: LookupFunction;
  /** Aborts the connection, whatever state it is in. */
  readonly signal: AbortSignal;
}

/** Posts a JSON text and resolves with the status; the answer's body is thrown away and redirects are not followed. */
export function postJson(url: URL, body: string, { headers, agent, lookup, signal }: PostOptions): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const posting = request(
      url,
      {
        method: 'POST',
        agent,
        signal,
        ...(lookup && { lookup }),
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        discard(response);
        resolve(response.statusCode ?? 0);
      },
    );
    posting.on('error', reject);
    posting.end(body);
  });
}

/** Reads a short body to its end, so that the connection can be used again, and breaks off a long one. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > 65_536) response.destroy();
  });
}
