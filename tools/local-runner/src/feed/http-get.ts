import { get, type IncomingMessage } from 'node:http';

export interface GetOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One GET on a connection of its own, closed afterwards: a connection kept for later would hold up the api when it stops.
 * @throws when nobody listens, on another status than 200, and when `signal` aborts before the answer
 */
export function httpGet(url: string, { signal, headers = {} }: GetOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal, headers }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(new Error(`${url}: ${response.statusCode}`));
    });
    request.once('error', reject);
  });
}

/** The body of an answer, parsed. */
export async function getJson<T>(url: string, signal: AbortSignal): Promise<T> {
  const chunks: Buffer[] = [];
  for await (const chunk of await httpGet(url, { signal })) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as T;
}
