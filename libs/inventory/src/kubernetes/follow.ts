import type { Backoff } from '@wagehood/service';
import { toFault, type KubernetesFault } from './faults';

export interface Listed<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export type WatchEvent<T> =
  | { readonly type: 'changed' | 'removed'; readonly item: T; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

/** One kind of object of one namespace. */
export interface Listing<T extends { readonly name: string }> {
  /** In words, for faults: `deployments`. */
  readonly what: string;
  list(signal: AbortSignal): Promise<Listed<T>>;
  /**
   * Resolves when the server ends the watch, or when it has been silent for too long (`opened` says whether it had answered); rejects
   * with a fault otherwise.
   */
  watch(
    resourceVersion: string,
    onEvent: (event: WatchEvent<T>) => void,
    onOpen: () => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface Followed<T> {
  readonly items: readonly T[];
  /** True from an open watch to the next fault: the items are what the server has. */
  readonly current: boolean;
  readonly fault: KubernetesFault | null;
  /** Since when they may be out of date, ms since the epoch; null before the first list and while they are current. */
  readonly staleSinceMs: number | null;
}

export interface Follower<T> {
  start(): void;
  stop(): Promise<void>;
  followed(): Followed<T>;
}

/** A watch that lived this long, or said anything, was a good one: the next begins without a penalty. */
const GOOD_WATCH_MS = 5_000;

/**
 * Keeps a copy of what the server has:
 *
 *        ┌────────── any fault, 410 Gone ───────────┐
 *        ▼                                          │
 *      list ──► watch from its version ── event ──► watch
 *                 ▲                                 │
 *                 └──── ended by the server ────────┘   each arrow back waits: exponential, with jitter
 */
export function createFollower<T extends { readonly name: string }>(
  listing: Listing<T>,
  backoff: Backoff,
  now: () => number = Date.now,
): Follower<T> {
  const items = new Map<string, T>();
  const stopping = new AbortController();
  let resourceVersion = '';
  let current = false;
  let fault: KubernetesFault | null = null;
  let staleSinceMs: number | null = null;
  let running: Promise<void> = Promise.resolve();

  const take = (event: WatchEvent<T>): void => {
    resourceVersion = event.resourceVersion;
    if (event.type === 'changed') items.set(event.item.name, event.item);
    if (event.type === 'removed') items.delete(event.item.name);
    backoff.reset();
  };
  const relist = async (): Promise<void> => {
    const listed = await listing.list(stopping.signal);
    items.clear();
    for (const item of listed.items) items.set(item.name, item);
    resourceVersion = listed.resourceVersion;
  };
  const open = (): void => {
    current = true;
    fault = null;
    staleSinceMs = null;
  };
  const round = async (): Promise<void> => {
    if (resourceVersion === '') await relist();
    const since = now();
    await listing.watch(resourceVersion, take, open, stopping.signal);
    if (now() - since >= GOOD_WATCH_MS) backoff.reset();
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await round().catch((error: unknown) => {
        resourceVersion = '';
        fault = toFault(listing.what, error);
        if (current) staleSinceMs = now();
        current = false;
      });
      await backoff.wait(stopping.signal).catch(() => undefined);
    }
  };

  return {
    start: () => void (running = loop()),
    async stop() {
      stopping.abort();
      await running;
    },
    followed: () => ({ items: [...items.values()], current, fault, staleSinceMs }),
  };
}
