import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface SettingsFileOptions {
  readonly path: string;
  /** The text that was applied at start. */
  readonly text: string;
  /** Applies a new text; what it throws is logged and the text is not tried again until it changes. */
  readonly apply: (text: string) => Promise<void>;
  readonly log: { warn(message: string, fields?: object): void };
  readonly pollMs?: number;
}

const POLL_MS = 500;

/**
 * Watches the settings file by reading it: also sees the symlink of a ConfigMap change its target. A new text counts
 * once two looks in a row agree on it, so that a file in the middle of being written is not taken for a broken one.
 */
export function watchSettingsFile({ path, text, apply, log, pollMs = POLL_MS }: SettingsFileOptions): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  let applied = text;
  let seen = text;
  let missing = false;

  const look = async (): Promise<void> => {
    const now = await readFile(path, 'utf8').catch((error: Error) => {
      if (!missing) log.warn('the settings file cannot be read; the last one stays', { path, reason: error.message });
      return null;
    });
    missing = now === null;
    if (now === null || now === applied) return;
    const settled = now === seen;
    seen = now;
    if (!settled) return;
    await apply(now).catch((error: Error) => {
      log.warn('the settings file is not valid; the last valid one stays', { path, reason: error.message });
    });
    applied = now;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) await look();
    }
  };
  const done = loop();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
