import type { HttpSignal, SignalsResponse, StatsResponse, StreamEvent } from '@wagehood/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { getJson, httpGet } from './http-get';
import { createEventParser } from './parse-events';

const POLL_MS = 1_000;
const RECONNECT_MS = 500;
const REQUEST_TIMEOUT_MS = 5_000;

export interface FeedListener {
  readonly onStats: (stats: StatsResponse) => void;
  readonly onSignal: (signal: HttpSignal) => void;
}

export interface ApiFeed {
  stop(): void;
}

/** Follows the running system over HTTP as any client would: figures once a second, signals as they come. */
export function followApi(base: string, { onStats, onSignal }: FeedListener): ApiFeed {
  const abort = new AbortController();
  void repeat(abort.signal, POLL_MS, async () => {
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    onStats(await getJson<StatsResponse>(`${base}/stats`, signal));
  });
  let lastId: string | null = null;
  void repeat(abort.signal, RECONNECT_MS, async () => {
    const headers: Record<string, string> = lastId === null ? {} : { 'Last-Event-ID': lastId };
    const response = await httpGet(`${base}/stream?channels=signal`, { signal: abort.signal, headers });
    const parse = createEventParser();
    response.setEncoding('utf8');
    for await (const piece of response) {
      for (const { id, data } of parse(piece as string)) {
        lastId = id ?? lastId;
        const event = JSON.parse(data) as StreamEvent;
        if (event.type === 'signal') onSignal(event.data);
      }
    }
  });
  return { stop: () => abort.abort() };
}

/** The signals of one symbol, newest first. */
export async function signalsOf(base: string, symbol: string, limit: number): Promise<readonly HttpSignal[]> {
  const url = `${base}/signals/${encodeURIComponent(symbol)}?limit=${limit}`;
  return (await getJson<SignalsResponse>(url, AbortSignal.timeout(REQUEST_TIMEOUT_MS))).signals;
}

/** While the api restarts, a look fails: the figures stand still and its state is shown beside them. */
async function repeat(signal: AbortSignal, pauseMs: number, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look().catch(() => undefined);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
