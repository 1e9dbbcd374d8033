const PATIENCE_MS = 10_000;

/** Where the api is, and the key for it. */
export interface ApiAccess {
  readonly base: string;
  readonly key: string | undefined;
}

/** The answer of the api. @throws Error with one readable line */
export async function askApi({ base, key }: ApiAccess, path: string, body?: unknown): Promise<unknown> {
  const url = `${base}/api/v1/realtime${path}`;
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const init = { headers, signal: AbortSignal.timeout(PATIENCE_MS) };
  const sent = body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(url, sent).catch((error: Error) => {
    const { message = '', code = '' } = (error.cause ?? {}) as { message?: string; code?: string };
    throw new Error(`${url}: ${message || code || error.message}; is the api there? --api says where`);
  });
  const content: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}${reasonOf(content, answer.status)}`);
  return content;
}

/** In the words of the problem that the api describes. */
function reasonOf(content: unknown, status: number): string {
  const { title, detail, errors } = (content ?? {}) as {
    title?: string;
    detail?: string;
    errors?: { path: string; message: string }[];
  };
  const faults = errors?.map(({ path, message }) => `${path} ${message}`).join('; ');
  const hint = status === 401 || status === 403 ? 'API_KEY must hold a key with the scope that this needs' : undefined;
  const words = [faults || detail || title, hint].filter((word) => word !== undefined);
  return words.length > 0 ? `: ${words.join('; ')}` : '';
}
