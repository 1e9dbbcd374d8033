import { fragment, secretVariable, text } from '@wagehood/config';
import type { z } from 'zod';

/** Where the api is, and the key for it. */
export interface ApiAccess {
  readonly base: string;
  readonly key: string | undefined;
}

/** API_KEY. */
export const apiKeyEnv = fragment({ key: secretVariable('API_KEY', text('a key of the api'), 'sent to the api') });

/** Of `--api URL`. @throws Error with one readable line */
export function parseApi(url: string): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new Error(`--api ${url}: an http(s) URL is expected`);
  return url.replace(/\/+$/, '');
}

export interface Question<S extends z.ZodType> {
  /** Behind /api/v1/realtime. */
  readonly path: string;
  /** Sent by POST. */
  readonly body?: unknown;
  readonly answer: S;
  /** Which keys may ask. */
  readonly scope: 'read' | 'write';
}

const PATIENCE_MS = 10_000;

/** @throws Error with one readable line */
export async function askApi<S extends z.ZodType>(access: ApiAccess, question: Question<S>): Promise<z.output<S>> {
  const url = `${access.base}/api/v1/realtime${question.path}`;
  const response = await fetch(url, requestOf(access, question)).catch((error: Error) => {
    const { message = '', code = '' } = (error.cause ?? {}) as { message?: string; code?: string };
    throw new Error(`${url}: ${message || code || error.message}; is the api there? --api says where`);
  });
  const content: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Error(`${url}: ${response.status}${reasonOf(content, response, question)}`);
  const parsed = question.answer.safeParse(content);
  if (!parsed.success) throw new Error(`${url}: this is no answer of ours; is another server there?`);
  return parsed.data;
}

function requestOf({ key }: ApiAccess, { body }: Question<z.ZodType>): RequestInit {
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const init = { headers, signal: AbortSignal.timeout(PATIENCE_MS) };
  return body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) };
}

/** In the words of the problem that the api describes. */
function reasonOf(content: unknown, { status }: Response, { scope }: Question<z.ZodType>): string {
  const { title, detail, errors } = (content ?? {}) as {
    title?: string;
    detail?: string;
    errors?: { path: string; message: string }[];
  };
  const faults = errors?.map(({ path, message }) => `${path} ${message}`).join('; ');
  const refused = status === 401 || status === 403;
  const hint = refused ? `API_KEY must hold a key with the scope ${scope}` : undefined;
  const words = [faults || detail || title, hint].filter((word) => word !== undefined);
  return words.length > 0 ? `: ${words.join('; ')}` : '';
}
