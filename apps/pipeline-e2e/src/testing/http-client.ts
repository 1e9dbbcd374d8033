import type { ServiceProcess } from '@wagehood/fleet';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
}

/** Speaks to an api process as its users do. */
export interface HttpClient {
  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  /** Server-sent events of `/stream`, as they come, until enough of them match; then the connection is closed. */
  events(query: string, enough: (events: readonly SentEvent[]) => boolean, lastEventId?: string): Promise<SentEvent[]>;
}

export interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly type: string;
    readonly symbol: string;
    readonly data: Record<string, unknown>;
    readonly timestamp: string;
  };
}

const STREAM_TIMEOUT_MS = 15_000;

export async function httpClient(api: ServiceProcess): Promise<HttpClient> {
  const { apiPort } = await api.ready();
  const base = `http://127.0.0.1:${String(apiPort)}/api/v1/realtime`;
  const answer = async <T>(response: Response): Promise<Answer<T>> => ({
    status: response.status,
    body: (await response.json()) as T,
  });
  return {
    get: async (path) => answer(await fetch(base + path)),
    post: async (path, body, headers = {}) =>
      answer(
        await fetch(base + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
    async events(query, enough, lastEventId) {
      const abort = new AbortController();
      const timer = setTimeout(
        () => abort.abort(new Error('the stream did not bring enough events')),
        STREAM_TIMEOUT_MS,
      );
      const headers = lastEventId ? { 'last-event-id': lastEventId } : undefined;
      const found: SentEvent[] = [];
      try {
        const response = await fetch(`${base}/stream?${query}`, { signal: abort.signal, ...(headers && { headers }) });
        const decoder = new TextDecoder();
        let text = '';
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
          text += decoder.decode(chunk, { stream: true });
          const messages = text.split('\n\n');
          text = messages.pop() ?? '';
          found.push(...messages.flatMap(parseMessage));
          if (enough(found)) return found;
        }
        throw new Error('the stream ended');
      } finally {
        clearTimeout(timer);
        abort.abort();
      }
    },
  };
}

function parseMessage(message: string): SentEvent[] {
  const fields = new Map(
    message.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ id: fields.get('id') ?? '', type: fields.get('event') ?? '', data: JSON.parse(data) as SentEvent['data'] }];
}
