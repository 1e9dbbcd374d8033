import type { HttpSignal, SignalsResponse, StatsResponse, StreamEvent } from '@wagehood/contracts';
import { setTimeout as delay } from 'node:timers/promises';
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
  const { signal } = abort;
  void pollStats(base, onStats, signal);
  void followSignals(base, onSignal, signal);
  return { stop: () => abort.abort() };
}

/** The signals of one symbol, newest first. */
export async function signalsOf(base: string, symbol: string, limit: number): Promise<readonly HttpSignal[]> {
  const url = `${base}/signals/${encodeURIComponent(symbol)}?limit=${limit}`;
  return (await getJson<SignalsResponse>(url)).signals;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

async function pollStats(base: string, onStats: FeedListener['onStats'], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // While the api restarts the figures stand still; its state is shown beside them.
    const stats = await getJson<StatsResponse>(`${base}/stats`).catch(() => null);
    if (stats && !signal.aborted) onStats(stats);
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function followSignals(base: string, onSignal: FeedListener['onSignal'], signal: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = lastId === null ? {} : { 'Last-Event-ID': lastId };
      const response = await fetch(`${base}/stream?channels=signal`, { signal, headers });
      const parse = createEventParser();
      const decoder = new TextDecoder();
      for await (const chunk of response.ok ? (response.body ?? []) : []) {
        for (const { id, data } of parse(decoder.decode(chunk as Uint8Array, { stream: true }))) {
          lastId = id ?? lastId;
          const event = JSON.parse(data) as StreamEvent;
          if (event.type === 'signal') onSignal(event.data);
        }
      }
    } catch {
      // the api is restarting or we are stopping
    }
    await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
}
