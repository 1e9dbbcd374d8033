import type { Watch } from '@kubernetes/client-node';
import { KubernetesFault, toFault } from './faults';
import type { WatchEvent } from './follow';

/** Beyond any bookmark's interval (a minute); the server ends the watch itself and we come back. */
const WATCH_SECONDS = 240;

interface KubernetesObject {
  readonly metadata?: { readonly resourceVersion?: string };
}

export interface WatchCall<T> {
  readonly watch: Watch;
  readonly what: string;
  readonly path: string;
  readonly labelSelector: string;
  readonly resourceVersion: string;
  readonly keep: (object: unknown) => T;
  readonly onEvent: (event: WatchEvent<T>) => void;
  readonly onOpen: () => void;
  readonly signal: AbortSignal;
}

/** One watch with its one connection, which is gone when this settles. */
export function watchListing<T>(call: WatchCall<T>): Promise<void> {
  const { watch, what, path, labelSelector, resourceVersion, onOpen, signal } = call;
  return new Promise((resolve, reject) => {
    let request: AbortController | null = null;
    let fault: KubernetesFault | null = null;
    let settled = false;
    const abort = (): void => {
      request?.abort();
      settle(null);
    };
    const settle = (error: unknown): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', abort);
      request?.abort();
      const silent = Object(error).name === 'TimeoutError' && request !== null; // opened, then quiet: ask again
      const failure = fault ?? (error && !silent ? toFault(what, error) : null);
      if (failure) reject(failure);
      else resolve();
    };
    const take = (type: string, object: unknown): void => {
      if (settled) return;
      if (type === 'ERROR') fault = toFault(what, object);
      else if (!handOn(type, object, call)) fault = new KubernetesFault('refused', `${what}: unknown event ${type}`);
      if (fault) settle(fault);
    };
    signal.addEventListener('abort', abort);
    const query = { resourceVersion, labelSelector, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS };
    watch.watch(path, query, take, settle).then((controller) => {
      request = controller;
      if (settled) controller.abort();
      else onOpen();
    }, settle);
  });
}

function handOn<T>(type: string, object: unknown, { keep, onEvent }: WatchCall<T>): boolean {
  const resourceVersion = (object as KubernetesObject).metadata?.resourceVersion ?? '';
  if (type === 'BOOKMARK') onEvent({ type: 'bookmark', resourceVersion });
  else if (type === 'ADDED' || type === 'MODIFIED') onEvent({ type: 'changed', item: keep(object), resourceVersion });
  else if (type === 'DELETED') onEvent({ type: 'removed', item: keep(object), resourceVersion });
  else return false;
  return true;
}
